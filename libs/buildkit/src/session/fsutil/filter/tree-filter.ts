import type { Pace } from '../pace.js';
import { type Matched, PathMatcher } from './path-matcher.js';

/** Patterns of one origin: what the caller registered, or what the engine asks for. */
export interface PatternLists {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** What is known of a directory that the walk goes into. */
export type DirectoryState = readonly Matched[];

/** What to do with an entry: send it, walk into it (with what is to be known below). */
export interface Decision {
  readonly send: boolean;
  readonly below: DirectoryState | undefined;
}

const SEND: Decision = { send: true, below: undefined };
const SKIP: Decision = { send: false, below: undefined };

/**
 * Decides along a walk which entries belong to a transfer. An entry has to pass all of the lists: it or a directory above it matches
 * each include list that isn't empty, and no exclude list. A directory that isn't sent for itself is still walked if something below
 * it may be.
 */
export class TreeFilter {
  readonly #includes: readonly PathMatcher[];
  readonly #excludes: readonly PathMatcher[];
  readonly #scratch: boolean[] = [];
  /** The state of the root. */
  readonly start: DirectoryState;

  private constructor(includes: readonly PathMatcher[], excludes: readonly PathMatcher[]) {
    this.#includes = includes;
    this.#excludes = excludes;
    this.start = [...this.#includes, ...this.#excludes].map((matcher) => matcher.start);
  }

  /** @throws TransferError of code `bad-pattern` */
  static async compile(lists: readonly PatternLists[], pace: Pace): Promise<TreeFilter> {
    const includes = lists.map((list) => list.include ?? []);
    const excludes = lists.map((list) => list.exclude ?? []);
    return new TreeFilter(await matchers(includes, pace), await matchers(excludes, pace));
  }

  /** True if everything is sent. */
  get empty(): boolean {
    return this.start.length === 0;
  }

  decide(path: string, isDirectory: boolean, state: DirectoryState): Decision {
    return isDirectory ? this.#decideDirectory(path, state) : this.#sends(path, state) ? SEND : SKIP;
  }

  #sends(path: string, state: DirectoryState): boolean {
    let at = 0;
    for (const matcher of this.#includes) {
      if (!matcher.match(path, state[at++] ?? matcher.start, this.#scratch)) return false;
    }
    for (const matcher of this.#excludes) {
      if (matcher.match(path, state[at++] ?? matcher.start, this.#scratch)) return false;
    }
    return true;
  }

  #decideDirectory(path: string, state: DirectoryState): Decision {
    const below: boolean[][] = [];
    let send = true;
    let descend = true;
    for (const matcher of this.#includes) {
      const matched: boolean[] = [];
      if (!matcher.match(path, state[below.length] ?? matcher.start, matched)) {
        send = false;
        descend &&= matcher.mayMatchBelow(path);
      }
      below.push(matched);
    }
    for (const matcher of this.#excludes) {
      const matched: boolean[] = [];
      if (matcher.match(path, state[below.length] ?? matcher.start, matched)) {
        send = false;
        descend &&= matcher.mayExceptBelow(path);
      }
      below.push(matched);
    }
    return descend ? { send, below } : SKIP;
  }
}

async function matchers(lists: readonly (readonly string[])[], pace: Pace): Promise<readonly PathMatcher[]> {
  const made: PathMatcher[] = [];
  const seen = new Set<string>();
  for (const list of lists) {
    // The engine usually asks for exactly what was registered: the same list twice has to be passed once.
    const key = JSON.stringify(list);
    if (list.length === 0 || seen.has(key)) continue;
    seen.add(key);
    made.push(await PathMatcher.compile(list, pace));
  }
  return made;
}
