import { chmodSync, utimesSync } from 'node:fs';
import { creationError } from '../../transfer-error.js';
import type { Pace } from '../pace.js';
import { systemPath } from '../path-text.js';
import type { XattrCalls } from '../xattr/xattr-calls.js';
import { setXattrs, type Xattr } from '../xattr/xattrs.js';
import { fileTime } from './file-time.js';

/** A directory whose mode and time are set when nothing changes in it any more. */
export interface ReceivedDirectory {
  /** Within the tree. */
  readonly path: string;
  /** For `chmod`. */
  readonly permissions: number;
  /** Nanoseconds since 1970. */
  readonly modTime: bigint;
  readonly xattrs: readonly Xattr[];
}

/** Attributes, modes and times from the innermost directory out; modes that would keep the owner out are left for later. */
export async function finishDirectories(
  folder: string,
  directories: readonly ReceivedDirectory[],
  calls: XattrCalls | undefined,
  pace: Pace,
  named: (path: string) => string,
): Promise<void> {
  for (const { path, permissions, modTime, xattrs } of directories.toReversed()) {
    const full = `${folder}/${path}`;
    try {
      setXattrs(calls, full, xattrs);
      if (isWritable(permissions)) chmodSync(systemPath(full), permissions);
      utimesSync(systemPath(full), fileTime(modTime), fileTime(modTime));
    } catch (error) {
      throw creationError(error, named(path));
    }
    if (pace.due()) await pace.rest();
  }
}

/** Whether the owner may change what is in a directory of these permissions. */
export function isWritable(permissions: number): boolean {
  return (permissions & 0o300) === 0o300;
}
