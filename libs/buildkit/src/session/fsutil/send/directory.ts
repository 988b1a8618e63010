import type { DirectoryEntries } from '../directory-entries.js';
import type { Pace } from '../pace.js';
import { readDirectory } from '../read-directory.js';
import { sortInSlices } from '../sort-in-slices.js';

/** A directory's entries, and their places in the order of the bytes of their names. Throws the system's error. */
export async function readSortedDirectory(
  path: string,
  pace: Pace,
): Promise<{ readonly entries: DirectoryEntries; readonly order: Uint32Array }> {
  const entries = await readDirectory(path, pace);
  return { entries, order: await sortInSlices(entries.length, (a, b) => entries.compare(a, b), pace) };
}
