import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { LocalOp, ResolvedLocal } from '@hlb/ir';
import { cleanPath, type LocalSourceOptions } from '@hlb/llb';
import type { SyncedDirectory } from '@hlb/plan';
import type { LoweringAnswers } from '../answers.js';
import type { Texts } from '../texts.js';

/** How locals are written: with a live session's id, or as the reference writes them, for comparison. */
export type LocalForm = { readonly kind: 'session'; readonly id: string } | { readonly kind: 'reference' };

export interface LoweredLocal {
  readonly source: Pick<
    LocalSourceOptions,
    'name' | 'sessionId' | 'uniqueId' | 'sharedKeyHint' | 'includePatterns' | 'excludePatterns'
  >;
  readonly directory: SyncedDirectory;
}

/**
 * Names the directories of a build. A session serves each name with one directory and one set of patterns, so whatever differs in
 * these has a name of its own.
 */
export class LocalNames {
  readonly #form: LocalForm;
  readonly #answers: LoweringAnswers;
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(form: LocalForm, answers: LoweringAnswers) {
    this.#form = form;
    this.#answers = answers;
  }

  lower(op: LocalOp, resolved: ResolvedLocal, texts: Texts): LoweredLocal {
    const shown = shownPath(texts.of(op.path), op.base, this.#answers.home);
    const isFile = resolved.kind === 'file';
    const path = isFile ? posix.dirname(resolved.realPath) : resolved.realPath;
    const include = isFile ? [posix.basename(resolved.realPath)] : op.include.map((text) => texts.of(text));
    const exclude = isFile ? [] : op.exclude.map((text) => texts.of(text));
    const patterns = { includePatterns: include, excludePatterns: exclude };
    if (this.#form.kind === 'reference') {
      const id = this.#answers.localId(op);
      return {
        source: { name: shown, ...patterns, uniqueId: id, sharedKeyHint: id },
        directory: { name: shown, path, include, exclude },
      };
    }
    const identity = JSON.stringify([path, include, exclude]);
    const name = this.#name(`${op.generation} ${identity}`, shown);
    return {
      source: { name, ...patterns, sessionId: this.#form.id, sharedKeyHint: hintOf(identity) },
      directory: { name, path, include, exclude },
    };
  }

  /** The path as the program says it; numbered where another directory or filter has that name. */
  #name(key: string, shown: string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    let name = shown;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${shown}#${count}`;
    this.#taken.add(name);
    this.#names.set(key, name);
    return name;
  }
}

/** Under which an engine finds an earlier transfer again: the same in every build of the same directory with the same filter. */
function hintOf(identity: string): string {
  return `hlb:${createHash('sha256').update(identity).digest('hex')}`;
}

/** A path as the reference names it: below the home directory, absolute, or joined to its module's directory. */
export function shownPath(path: string, base: string, home: string): string {
  if (path === '~') return cleanPath(home);
  if (path.startsWith('~/')) return cleanPath(`${home}/${path.slice(2)}`);
  return path.startsWith('/') ? cleanPath(path) : cleanPath(posix.join(base, path));
}
