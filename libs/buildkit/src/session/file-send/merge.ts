import { chmodSync, lstatSync, renameSync, type Stats, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Pace } from '../fsutil/pace.js';
import { systemPath } from '../fsutil/path-text.js';
import { readDirectory } from '../fsutil/read-directory.js';
import { fileTime } from '../fsutil/receive/file-time.js';
import { isWritable, type ReceivedDirectory } from '../fsutil/receive/received-directory.js';
import { removeTree } from '../fsutil/remove-tree.js';
import { type XattrCalls, xattrCalls } from '../fsutil/xattr/xattr-calls.js';
import { setXattrs } from '../fsutil/xattr/xattrs.js';
import { errnoOf, systemError, type TransferError } from '../transfer-error.js';
import { moveAcross } from './move-across.js';

/** What is to be moved where. */
export interface Merge {
  readonly trees: readonly { readonly folder: string; readonly directories: readonly ReceivedDirectory[] }[];
  /** The directory; it need not exist. */
  readonly destination: string;
  /** What errors call the destination. */
  readonly named: string;
  /** Whether what is in none of the trees is removed. */
  readonly mirror: boolean;
  /** Told of each temporary path before it is made, and when it is gone: should the process end before, it has to go too. */
  readonly temporary: (path: string, gone: boolean) => void;
}

/**
 * Moves received trees into a directory. Directories that exist there are kept and merged with, everything else of the same name is
 * replaced; links at the destination are replaced too, never followed. Every entry is moved by a rename, so it is there either as it
 * was or as it shall be.
 */
export async function mergeTree(merge: Merge): Promise<void> {
  const pace = new Pace();
  const xattrs = xattrCalls();
  const kept = new Map<string, Set<string>>();
  if (merge.mirror) for (const { folder } of merge.trees) await collectNames(folder, '', merge, kept, pace);
  for (const { folder, directories } of merge.trees) await new Move(merge, folder, directories, pace, xattrs).run();
  for (const [path, names] of kept) await removeOthers(merge, path, names, pace);
}

/** The names that a mirrored destination keeps, for each directory of it that exists already. */
async function collectNames(
  folder: string,
  path: string,
  merge: Merge,
  kept: Map<string, Set<string>>,
  pace: Pace,
): Promise<void> {
  if (!lstatSync(systemPath(join(merge.destination, path)), { throwIfNoEntry: false })?.isDirectory()) return;
  const names = kept.get(path) ?? new Set<string>();
  kept.set(path, names);
  for (const entry of await readDirectory(join(folder, path), pace)) {
    names.add(entry.name);
    if (entry.kind === 'directory') await collectNames(folder, join(path, entry.name), merge, kept, pace);
    if (pace.due()) await pace.rest();
  }
}

async function removeOthers(merge: Merge, path: string, names: ReadonlySet<string>, pace: Pace): Promise<void> {
  const directory = join(merge.destination, path);
  try {
    const entries = await readDirectory(directory, pace);
    const kept = otherSpellings(directory, names, new Set(Array.from(entries, ({ name }) => name)));
    for (const { name } of entries) {
      if (!names.has(name) && !kept.has(fold(name))) await removeTree(join(directory, name), pace);
      if (pace.due()) await pace.rest();
    }
  } catch (error) {
    throw systemError(error, 'remove what is not part of the output from', join(merge.named, path));
  }
}

/**
 * The names, folded, that are there by another spelling: where case makes no difference, `README` that was moved over `readme` may still be
 * called so.
 */
function otherSpellings(
  directory: string,
  names: ReadonlySet<string>,
  listed: ReadonlySet<string>,
): ReadonlySet<string> {
  const others = [...names].filter((name) => !listed.has(name));
  return new Set(
    others.filter((name) => lstatSync(systemPath(join(directory, name)), { throwIfNoEntry: false })).map(fold),
  );
}

function fold(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

class Move {
  readonly #merge: Merge;
  readonly #folder: string;
  readonly #directories: readonly ReceivedDirectory[];
  /** The directories by their paths. */
  readonly #received = new Map<string, ReceivedDirectory>();
  readonly #pace: Pace;
  readonly #xattrs: XattrCalls | undefined;

  constructor(
    merge: Merge,
    folder: string,
    directories: readonly ReceivedDirectory[],
    pace: Pace,
    xattrs: XattrCalls | undefined,
  ) {
    this.#merge = merge;
    this.#folder = folder;
    this.#directories = directories;
    this.#pace = pace;
    this.#xattrs = xattrs;
  }

  async run(): Promise<void> {
    const { destination } = this.#merge;
    if (!lstatSync(destination, { throwIfNoEntry: false })) {
      this.#attempt('create', '', () => renameSync(this.#folder, destination));
    } else {
      for (const directory of this.#directories) {
        this.#received.set(directory.path, directory);
        if (this.#pace.due()) await this.#pace.rest();
      }
      await this.#mergeDirectory('');
    }
    for (const directory of this.#directories) {
      // Of all others, mode and time are set already, and moving them has not changed that.
      if (!isWritable(directory.permissions)) this.#finish(directory);
      if (this.#pace.due()) await this.#pace.rest();
    }
  }

  async #mergeDirectory(path: string): Promise<void> {
    const entries = readDirectory(`${this.#folder}/${path}`, this.#pace);
    for (const entry of await entries.catch((error: unknown) => Promise.reject(this.#failed('read', path, error)))) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      const target = `${this.#merge.destination}/${inner}`;
      const existing = this.#attempt('replace', inner, () => lstatSync(systemPath(target), { throwIfNoEntry: false }));
      if (entry.kind === 'directory' && existing?.isDirectory()) {
        await this.#mergeDirectory(inner);
        const directory = this.#received.get(inner);
        if (directory) this.#finish(directory);
      } else {
        await this.#rename(inner, target, existing, entry.kind === 'directory');
      }
      if (this.#pace.due()) await this.#pace.rest();
    }
  }

  /** A rename replaces what is there, unless one of the two is a directory. */
  async #rename(path: string, target: string, existing: Stats | undefined, isDirectory: boolean): Promise<void> {
    const source = `${this.#folder}/${path}`;
    if (existing && (isDirectory || existing.isDirectory())) {
      await removeTree(target, this.#pace).catch((error: unknown) =>
        Promise.reject(this.#failed('replace', path, error)),
      );
    }
    try {
      renameSync(systemPath(source), systemPath(target));
    } catch (error) {
      if (errnoOf(error) !== 'EXDEV') throw this.#failed('write', path, error);
      // Another file system is mounted somewhere within the destination.
      await moveAcross(source, target, this.#named(path), this.#pace, this.#merge.temporary);
    }
  }

  #finish(directory: ReceivedDirectory): void {
    const full = `${this.#merge.destination}/${directory.path}`;
    const path = systemPath(full);
    this.#attempt('write', directory.path, () => {
      setXattrs(this.#xattrs, full, directory.xattrs);
      chmodSync(path, directory.permissions);
      utimesSync(path, fileTime(directory.modTime), fileTime(directory.modTime));
    });
  }

  #attempt<T>(action: string, path: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw this.#failed(action, path, error);
    }
  }

  #failed(action: string, path: string, error: unknown): TransferError {
    return systemError(error, action, this.#named(path));
  }

  #named(path: string): string {
    return path === '' ? this.#merge.named : `${this.#merge.named}/${path}`;
  }
}
