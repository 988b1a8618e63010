import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, utimesSync } from 'node:fs';
import { linkError, printable, TransferError, unsuitable } from '../../transfer-error.js';
import type { Pace } from '../pace.js';
import { systemPath } from '../path-text.js';
import { readDirectory } from '../read-directory.js';
import { isCleanRelative } from '../tree-path.js';
import { unixPermissions } from '../wire/go-mode.js';
import type { Stat } from '../wire/packet.js';
import type { XattrCalls } from '../xattr/xattr-calls.js';
import { setXattrs, type Xattr } from '../xattr/xattrs.js';
import { fileTime } from './file-time.js';

/** A hard link that is made when its file is complete. Paths within the tree. */
export interface DeferredLink {
  readonly path: string;
  readonly target: string;
  /** Those of the file, which may have been read by this path alone: the first one may be no UTF-8. */
  readonly xattrs: readonly Xattr[];
}

/** Makes hard links within `folder`; each to a regular file of it that no symbolic link lies on the way to. */
export async function linkFiles(
  folder: string,
  links: readonly DeferredLink[],
  calls: XattrCalls | undefined,
  pace: Pace,
  named: (path: string) => string,
): Promise<void> {
  for (const { path, target, xattrs } of links) {
    if (!isOwnFile(folder, target)) {
      throw new TransferError(
        'unsafe-path',
        named(path),
        `the engine sent ${printable(path)} as a hard link to ${printable(target)}, which is not a file that it sent before`,
      );
    }
    try {
      linkSync(systemPath(`${folder}/${target}`), systemPath(`${folder}/${path}`));
      setXattrs(calls, `${folder}/${path}`, xattrs);
    } catch (error) {
      throw linkError(error, named(path), 'hard');
    }
    if (pace.due()) await pace.rest();
  }
}

function isOwnFile(folder: string, target: string): boolean {
  if (!isCleanRelative(target)) return false;
  let path = folder;
  const names = target.split('/');
  for (const [index, name] of names.entries()) {
    path = `${path}/${name}`;
    const stats = lstatSync(systemPath(path), { throwIfNoEntry: false });
    if (!stats) return false;
    if (!(index === names.length - 1 ? stats.isFile() : stats.isDirectory())) return false;
  }
  return true;
}

/** Paths of one `mkfifo`, so that its arguments stay within the system's limit. */
const PIPES_AT_ONCE = 64;

/** Makes named pipes, for which Node has no call: by the system's `mkfifo`. */
export function makePipes(folder: string, pipes: readonly Stat[], named: (path: string) => string): void {
  const byMode = new Map<number, Stat[]>();
  for (const pipe of pipes) {
    const mode = unixPermissions(pipe.mode);
    const same = byMode.get(mode);
    if (same) same.push(pipe);
    else byMode.set(mode, [pipe]);
  }
  for (const [mode, same] of byMode) {
    for (let start = 0; start < same.length; start += PIPES_AT_ONCE) {
      const some = same.slice(start, start + PIPES_AT_ONCE);
      const unnameable = some.find((pipe) => !pipe.path.isWellFormed());
      if (unnameable) {
        const path = named(unnameable.path);
        throw new TransferError(
          'io',
          path,
          `cannot create the named pipe ${printable(path)}: its name is not valid UTF-8`,
        );
      }
      try {
        const paths = some.map((pipe) => `${folder}/${pipe.path}`);
        execFileSync('mkfifo', ['-m', mode.toString(8), '--', ...paths], { stdio: 'pipe' });
        for (const pipe of some) utimesSync(`${folder}/${pipe.path}`, fileTime(pipe.modTime), fileTime(pipe.modTime));
      } catch (error) {
        const missing = some.find(({ path }) => !lstatSync(`${folder}/${path}`, { throwIfNoEntry: false })) ?? some[0];
        throw unsuitable(error, named(missing?.path ?? ''), `no named pipe can be made there (${lastWords(error)})`);
      }
    }
  }
}

/** Why a command failed, as the system calls it: what it says after its last colon. */
function lastWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.trim().split('\n').at(-1) ?? '';
  return line.slice(line.lastIndexOf(':') + 1).trim();
}

/**
 * Makes sure that names which end in a dot stand as they were sent: VFAT and exFAT of Linux leave the dots out without a word.
 *
 * @param paths of entries within the folder
 */
export async function checkNames(
  folder: string,
  paths: readonly string[],
  pace: Pace,
  named: (path: string) => string,
): Promise<void> {
  for (const path of paths) {
    const slash = path.lastIndexOf('/');
    const siblings = await readDirectory(`${folder}/${path.slice(0, Math.max(0, slash))}`, pace);
    const name = path.slice(slash + 1);
    if (siblings.has(name)) continue;
    throw unsuitable(undefined, named(path), 'the file system takes no such name');
  }
}
