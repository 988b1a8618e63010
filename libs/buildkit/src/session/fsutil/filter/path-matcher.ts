import { posix } from 'node:path';
import { compilePathPattern, InvalidPatternError, type PathTest } from '@hlb/names';
import { printable, TransferError } from '../../transfer-error.js';
import type { Pace } from '../pace.js';

/** Which patterns of a list have matched a directory or one above it, by position. What is below it starts from this. */
export type Matched = readonly boolean[];

interface Pattern {
  /** A `!` pattern: takes back what those before it have matched. */
  readonly exception: boolean;
  readonly test: PathTest;
  /** Whether something below the directory of these names could match, as far as the pattern's names tell. */
  readonly reaches: (names: readonly string[]) => boolean;
}

/**
 * A list of include or exclude patterns, evaluated in order along a walk: a pattern is only tested while it can change the result (a
 * plain one while nothing has matched, an exception while something has), and what matched a directory holds for all below it.
 */
export class PathMatcher {
  readonly #patterns: readonly Pattern[];
  readonly #nothing: Matched;

  private constructor(patterns: readonly Pattern[]) {
    this.#patterns = patterns;
    this.#nothing = patterns.map(() => false);
  }

  /** Compiles a list in slices: an engine may send hundreds of thousands. @throws TransferError of code `bad-pattern` */
  static async compile(patterns: readonly string[], pace: Pace): Promise<PathMatcher> {
    const compiled: Pattern[] = [];
    for (const raw of patterns) {
      if (pace.due()) await pace.rest();
      const trimmed = raw.trim();
      if (trimmed === '') continue;
      const cleaned = cleanPattern(trimmed);
      if (cleaned === '!') throw new TransferError('bad-pattern', raw, 'the pattern ! is an exception to nothing');
      const exception = cleaned.startsWith('!');
      const glob = exception ? cleaned.slice(1) : cleaned;
      compiled.push({ exception, test: compile(glob), reaches: compileReach(glob) });
    }
    return new PathMatcher(compiled);
  }

  get empty(): boolean {
    return this.#patterns.length === 0;
  }

  /** What nothing has matched yet: for the entries of the root. */
  get start(): Matched {
    return this.#nothing;
  }

  /** Fills `into` with what has matched `path`, whose directory's state is `parent`; returns the list's verdict. */
  match(path: string, parent: Matched, into: boolean[]): boolean {
    let verdict = false;
    const patterns = this.#patterns;
    for (let i = 0; i < patterns.length; i++) {
      const pattern = patterns[i];
      if (pattern === undefined) continue;
      let matched = parent[i] === true;
      if (!matched && pattern.exception === verdict) matched = pattern.test(path);
      into[i] = matched;
      if (matched) verdict = !pattern.exception;
    }
    return verdict;
  }

  /** The verdict for a path by itself, with all directories above it. */
  matches(path: string): boolean {
    let state = this.#nothing;
    let verdict = false;
    for (let slash = path.indexOf('/'); ; slash = path.indexOf('/', slash + 1)) {
      const next: boolean[] = [];
      verdict = this.match(slash < 0 ? path : path.slice(0, slash), state, next);
      if (slash < 0) return verdict;
      state = next;
    }
  }

  /** Whether a plain pattern could match something below a directory that isn't matched itself. */
  mayMatchBelow(directory: string): boolean {
    const names = directory.split('/');
    return this.#patterns.some((pattern) => !pattern.exception && pattern.reaches(names));
  }

  /** Whether an exception could take back something below a directory that is matched. */
  mayExceptBelow(directory: string): boolean {
    const names = directory.split('/');
    return this.#patterns.some((pattern) => pattern.exception && pattern.reaches(names));
  }
}

function compile(glob: string): PathTest {
  try {
    return compilePathPattern(glob);
  } catch (error) {
    if (!(error instanceof InvalidPatternError)) throw error;
    throw new TransferError('bad-pattern', glob, `the pattern ${printable(glob)} ${error.reason}`);
  }
}

/** Go's `filepath.Clean` on Unix: like POSIX normalisation, without a `/` at the end. */
function cleanPattern(pattern: string): string {
  const normal = posix.normalize(pattern);
  const clean = normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
  return clean.startsWith('//') ? clean.slice(1) : clean;
}

/**
 * A test whether a pattern could match something below a directory. It may say yes too often, never no wrongly: names before the
 * first `**`, class or escape must fit one by one; from there on anything may.
 */
function compileReach(glob: string): Pattern['reaches'] {
  const names: PathTest[] = [];
  let open = false;
  for (const name of glob.split('/')) {
    if (/\*\*|[[\]\\^]/.test(name)) {
      open = true;
      break;
    }
    names.push(compile(name));
  }
  return (parts) => {
    if (!open && parts.length >= names.length) return false;
    for (let i = 0; i < parts.length && i < names.length; i++) {
      if (names[i]?.(parts[i] ?? '') !== true) return false;
    }
    return true;
  };
}
