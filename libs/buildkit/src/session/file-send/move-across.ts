import {
  chmodSync,
  closeSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pace } from '../fsutil/pace.js';
import { systemPath } from '../fsutil/path-text.js';
import { readDirectory } from '../fsutil/read-directory.js';
import { fileTime } from '../fsutil/receive/file-time.js';
import { removeTree } from '../fsutil/remove-tree.js';
import { xattrCalls } from '../fsutil/xattr/xattr-calls.js';
import { setXattrs, XattrReader } from '../fsutil/xattr/xattrs.js';
import { printable, systemError, TransferError } from '../transfer-error.js';
import { temporaryName } from './temporary-name.js';

/**
 * Moves an entry to another file system: copied under a temporary name beside its place, then renamed to it. What is at `target` is
 * replaced, as by a rename.
 *
 * @param named what errors call the target
 * @param temporary told of the temporary path before it is made, and when it is gone
 */
export async function moveAcross(
  source: string,
  target: string,
  named: string,
  pace: Pace,
  temporary: (path: string, gone: boolean) => void,
): Promise<void> {
  const beside = join(dirname(target), temporaryName(target));
  temporary(beside, false);
  try {
    await copy(source, beside, named, pace);
    renameSync(beside, systemPath(target));
    await removeTree(source, pace);
  } catch (error) {
    await removeTree(beside, pace);
    throw systemError(error, 'write', named);
  } finally {
    temporary(beside, true);
  }
}

async function copy(source: string, target: string, named: string, pace: Pace): Promise<void> {
  const from = systemPath(source);
  const to = systemPath(target);
  const stats = lstatSync(from, { bigint: true });
  const time = fileTime(stats.mtimeNs);
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(from, 'buffer'), to);
    lutimesSync(to, time, time);
    return;
  }
  if (stats.isDirectory()) {
    mkdirSync(to, { mode: 0o700 });
    for (const { name } of await readDirectory(source, pace)) {
      await copy(join(source, name), join(target, name), `${named}/${name}`, pace);
    }
  } else if (stats.isFile()) {
    await copyContent(from, to, pace);
  } else {
    throw new TransferError('io', named, `cannot move ${printable(named)} to another file system`);
  }
  copyXattrs(source, target, stats.dev);
  chmodSync(to, Number(stats.mode) & 0o7777);
  utimesSync(to, time, time);
}

/** Bytes that are copied at a time. */
const BLOCK = 256 * 1024;

async function copyContent(from: string | Buffer, to: string | Buffer, pace: Pace): Promise<void> {
  const block = Buffer.allocUnsafe(BLOCK);
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'wx', 0o600);
    try {
      for (;;) {
        const bytes = readSync(source, block, 0, BLOCK, null);
        if (bytes === 0) return;
        for (let done = 0; done < bytes; ) done += writeSync(target, block, done, bytes - done);
        if (pace.due()) await pace.rest();
      }
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function copyXattrs(source: string, target: string, device: bigint): void {
  const calls = xattrCalls();
  if (calls) setXattrs(calls, target, new XattrReader(calls, () => undefined).read(source, device));
}
