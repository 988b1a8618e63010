import type { Pace } from '../pace.js';
import { type NamedEntry, readDirectory } from '../read-directory.js';
import { sortInSlices } from '../sort-in-slices.js';
import { compareNames } from '../tree-path.js';

/** A directory's entries, sorted by the bytes of their names. Throws the system's error. */
export async function readSortedDirectory(path: string, pace: Pace): Promise<readonly NamedEntry[]> {
  return sortInSlices(await readDirectory(path, pace), byName, pace);
}

function byName(a: NamedEntry, b: NamedEntry): number {
  return compareNames(a.name, b.name);
}
