import { type BigIntStats, lstatSync } from 'node:fs';
import { errnoOf, systemError } from '../../transfer-error.js';
import type { DirectoryEntries } from '../directory-entries.js';
import type { DirectoryState, TreeFilter } from '../filter/tree-filter.js';
import type { Pace } from '../pace.js';
import { readLink, systemPath } from '../path-text.js';
import { deviceNumber } from '../wire/device-number.js';
import { type EntryKind, goModeOfUnix, kindOfUnixMode } from '../wire/go-mode.js';
import type { Stat } from '../wire/packet.js';
import { NO_XATTRS, type XattrReader } from '../xattr/xattrs.js';
import { readSortedDirectory } from './directory.js';

/** An entry as it is announced. */
export interface TreeEntry {
  readonly stat: Stat;
  /** Path of the directory within the tree, '' for the root, and name in it. */
  readonly directory: string;
  readonly name: string;
  readonly kind: EntryKind;
  /** Its number in its file system. */
  readonly inode: number;
}

/** Takes the entries of a walk, in order. */
export interface TreeSink {
  entry(entry: TreeEntry): void;
  /** Called after each entry: what the walk should wait for, if anything. */
  pressure(): Promise<void> | undefined;
  /** Called before the walk lets the event loop run. */
  resting(): void;
}

interface Tree {
  readonly root: string;
  /** The first path of each file that has several, by device and inode. */
  readonly links: Map<string, string>;
  readonly xattrs: XattrReader | undefined;
}

interface Frame {
  readonly path: string;
  readonly state: DirectoryState;
  readonly entries: DirectoryEntries;
  /** The places of the entries, in order. */
  readonly order: Uint32Array;
  next: number;
  /** The directory's own entry while it hasn't been told: it is only if something in it is. */
  untold: TreeEntry | undefined;
}

/**
 * An own file of this name in the root would be taken by the engine for its list of a metadata-only transfer, and put the numbers of
 * all entries out of step.
 */
const RESERVED = '.fsutil-metadata';

/**
 * Walks the directory `root` in the order of a transfer and tells `sink` each entry that passes the filter. The root itself isn't told.
 * Entries that vanish meanwhile are left out. Throws a `TransferError` that names the file.
 */
export async function walkTree(
  root: string,
  filter: TreeFilter,
  sink: TreeSink,
  pace: Pace,
  xattrs?: XattrReader,
): Promise<void> {
  const tree: Tree = { root, links: new Map(), xattrs };
  const frames: Frame[] = [];

  async function enter(path: string, state: DirectoryState, untold: TreeEntry | undefined): Promise<void> {
    try {
      const { entries, order } = await readSortedDirectory(full(root, path), pace);
      frames.push({ path, state, entries, order, next: 0, untold });
    } catch (error) {
      const errno = errnoOf(error);
      if (path !== '' && (errno === 'ENOENT' || errno === 'ENOTDIR')) return;
      if (untold && (errno === 'EACCES' || errno === 'EPERM')) return;
      throw systemError(error, 'read', full(root, path));
    }
  }

  await enter('', filter.start, undefined);
  for (;;) {
    const frame = frames.at(-1);
    if (!frame) return;
    if (pace.due()) {
      sink.resting();
      await pace.rest();
    }
    const at = frame.order[frame.next++];
    if (at === undefined) {
      frames.pop();
      continue;
    }
    const name = frame.entries.name(at);
    const path = join(frame.path, name);
    if (path === RESERVED) continue;

    let stats: BigIntStats | undefined;
    const listed = frame.entries.kind(at);
    let isDirectory = listed === 'directory';
    if (filter.empty || listed === 'unknown') {
      stats = statEntry(root, path);
      if (!stats) continue;
      isDirectory = stats.isDirectory();
    }
    const decision = filter.decide(path, isDirectory, frame.state);
    if (!decision.send && !decision.below) continue;
    stats ??= statEntry(root, path, !decision.send);
    if (!stats) continue;

    const entry = makeEntry(tree, frame.path, name, path, stats);
    if (!entry) continue;
    if (decision.send) {
      for (const above of frames) {
        if (!above.untold) continue;
        sink.entry(above.untold);
        above.untold = undefined;
      }
      sink.entry(entry);
      const pressure = sink.pressure();
      if (pressure) await pressure;
    }
    if (entry.kind === 'directory') {
      await enter(path, decision.below ?? filter.start, decision.send ? undefined : entry);
    }
  }
}

function makeEntry(
  { root, links, xattrs }: Tree,
  directory: string,
  name: string,
  path: string,
  stats: BigIntStats,
): TreeEntry | undefined {
  const mode = Number(stats.mode);
  const kind = kindOfUnixMode(mode);
  let size = kind === 'directory' || kind === 'socket' ? 0n : stats.size;
  let linkname = '';
  let devMajor = 0;
  let devMinor = 0;
  if (kind === 'symlink') {
    const target = readTarget(root, path);
    if (target === undefined) return undefined;
    linkname = target;
  } else if (kind === 'file' && stats.nlink > 1n) {
    const inode = `${stats.dev}:${stats.ino}`;
    const first = links.get(inode);
    if (first === undefined) links.set(inode, path);
    else {
      linkname = first;
      size = 0n;
    }
  } else if (kind === 'block-device' || kind === 'char-device') {
    ({ major: devMajor, minor: devMinor } = deviceNumber(stats.rdev));
  }
  return {
    stat: {
      path,
      mode: goModeOfUnix(mode),
      size,
      modTime: stats.mtimeNs,
      linkname,
      devMajor,
      devMinor,
      xattrs: xattrs?.read(full(root, path), stats.dev) ?? NO_XATTRS,
    },
    directory,
    name,
    kind,
    inode: Number(stats.ino),
  };
}

/** `undefined` for what has vanished, and for what can't be looked at and needn't be. */
function statEntry(root: string, path: string, optional = false): BigIntStats | undefined {
  const file = full(root, path);
  try {
    return lstatSync(systemPath(file), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOTDIR' || (optional && (errno === 'EACCES' || errno === 'EPERM'))) return undefined;
    throw systemError(error, 'read', file);
  }
}

/** `undefined` for what has vanished. */
function readTarget(root: string, path: string): string | undefined {
  const file = full(root, path);
  try {
    return readLink(file);
  } catch (error) {
    const errno = errnoOf(error);
    // Not a link any more: like something that has vanished.
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EINVAL') return undefined;
    throw systemError(error, 'read', file);
  }
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

function full(root: string, path: string): string {
  // The root directory itself is '', so that paths in it begin with one slash.
  return path === '' ? root || '/' : `${root}/${path}`;
}
