import { chmod, copyFile, lstat, lutimes, mkdir, readlink, rename, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Pace } from '../fsutil/pace.js';
import { systemPath } from '../fsutil/path-text.js';
import { readDirectory } from '../fsutil/read-directory.js';
import { fileTime } from '../fsutil/receive/file-time.js';
import { removeTree } from '../fsutil/remove-tree.js';
import { xattrCalls } from '../fsutil/xattr/xattr-calls.js';
import { setXattrsLater, XattrReader } from '../fsutil/xattr/xattrs.js';
import { printable, systemError, TransferError } from '../transfer-error.js';
import { forget, remember, temporaryName } from './staging.js';

/**
 * Moves an entry to another file system: copied under a temporary name beside its place, then renamed to it. What is at `target` is
 * replaced, as by a rename.
 *
 * @param named what errors call the target
 */
export async function moveAcross(source: string, target: string, named: string, pace: Pace): Promise<void> {
  const temporary = join(dirname(target), temporaryName(target));
  remember(temporary);
  try {
    await copy(source, temporary, named, pace);
    await rename(temporary, systemPath(target));
    await removeTree(source, pace);
  } catch (error) {
    await removeTree(temporary, pace);
    throw systemError(error, 'write', named);
  } finally {
    forget(temporary);
  }
}

async function copy(source: string, target: string, named: string, pace: Pace): Promise<void> {
  const from = systemPath(source);
  const to = systemPath(target);
  const stats = await lstat(from, { bigint: true });
  const time = fileTime(stats.mtimeNs);
  const permissions = Number(stats.mode) & 0o7777;
  if (stats.isSymbolicLink()) {
    await symlink(await readlink(from, 'buffer'), to);
    await lutimes(to, time, time);
  } else if (stats.isDirectory()) {
    await mkdir(to, { mode: 0o700 });
    for (const { name } of await readDirectory(source, pace)) {
      await copy(join(source, name), join(target, name), `${named}/${name}`, pace);
    }
    await copyXattrs(source, target, stats.dev);
    await chmod(to, permissions);
    await utimes(to, time, time);
  } else if (stats.isFile()) {
    await copyFile(from, to);
    await copyXattrs(source, target, stats.dev);
    await chmod(to, permissions);
    await utimes(to, time, time);
  } else {
    throw new TransferError('io', named, `cannot move ${printable(named)} to another file system`);
  }
}

async function copyXattrs(source: string, target: string, device: bigint): Promise<void> {
  const calls = xattrCalls();
  if (calls) await setXattrsLater(calls, target, new XattrReader(calls, () => undefined).read(source, device));
}
