import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { errnoOf } from '../transfer-error.js';
import type { Pace } from './pace.js';
import { systemPath } from './path-text.js';
import { readDirectory } from './read-directory.js';

/**
 * Removes a file, or a directory with all that is in it, if it is there. `rm` of Node begins with all entries of a directory at once,
 * which keeps the event loop for as long as there are entries. Throws the system's error.
 */
export async function removeTree(path: string, pace: Pace): Promise<void> {
  if (pace.due()) await pace.rest();
  const stats = lstatSync(systemPath(path), { throwIfNoEntry: false });
  if (!stats) return;
  try {
    if (stats.isDirectory()) await removeDirectory(path, pace);
    else unlinkSync(systemPath(path));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

async function removeDirectory(path: string, pace: Pace): Promise<void> {
  for (const { name } of await readDirectory(path, pace)) await removeTree(`${path}/${name}`, pace);
  rmdirSync(systemPath(path));
}
