import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PathFact } from '../facts.js';

/** What stands at an absolute path, links followed. */
export async function pathFact(path: string): Promise<PathFact> {
  try {
    const [found, realPath] = await Promise.all([stat(path), realpath(path)]);
    return { kind: kindOf(found), realPath };
  } catch (error) {
    const code = errorCode(error);
    return { kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', realPath: path };
  }
}

/** The regular files below a directory in the order of a walk. Rejects where a directory can't be read. */
export async function listFiles(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  // Directories and files still to be listed, the next one last: trees may be deep.
  const rest: { readonly path: string; readonly entry: Dirent | undefined }[] = [{ path: '', entry: undefined }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { path, entry } = next;
    if (entry?.isFile()) found.push(path);
    else if (entry === undefined || entry.isDirectory()) {
      for (const inner of (await entriesOf(join(directory, path))).reverse()) {
        rest.push({ path: path === '' ? inner.name : `${path}/${inner.name}`, entry: inner });
      }
    }
  }
  return found;
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  } catch (error) {
    throw new Error(`the directory ${directory} can't be read (${errorCode(error)})`, { cause: error });
  }
}

function kindOf(stats: Stats): PathFact['kind'] {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFile()) return 'file';
  return stats.isSocket() ? 'socket' : 'other';
}

/** The code of a system error; a word for one that has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
}
