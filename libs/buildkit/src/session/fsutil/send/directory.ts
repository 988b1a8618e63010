import type { Pace } from '../pace.js';
import { type NamedEntry, readDirectory } from '../read-directory.js';
import { compareNames } from '../tree-path.js';

/** Names that are sorted in one go; sorting more at once would keep the event loop for too long. */
const RUN = 8192;

/**
 * A directory's entries, sorted by the bytes of their names. Reads and sorts in slices: a directory may hold hundreds of thousands.
 * Throws the system's error.
 */
export async function readSortedDirectory(path: string, pace: Pace): Promise<readonly NamedEntry[]> {
  return sort(await readDirectory(path, pace), pace);
}

async function sort(entries: NamedEntry[], pace: Pace): Promise<readonly NamedEntry[]> {
  if (entries.length <= RUN) return entries.sort(byName);
  let runs: NamedEntry[][] = [];
  for (let start = 0; start < entries.length; start += RUN) {
    runs.push(entries.slice(start, start + RUN).sort(byName));
    await pace.rest();
  }
  while (runs.length > 1) {
    const merged: NamedEntry[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const left = runs[i] ?? [];
      const right = runs[i + 1];
      merged.push(right ? await merge(left, right, pace) : left);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(left: NamedEntry[], right: NamedEntry[], pace: Pace): Promise<NamedEntry[]> {
  const merged: NamedEntry[] = [];
  let l = 0;
  let r = 0;
  for (;;) {
    const a = left[l];
    const b = right[r];
    if (!a && !b) return merged;
    if (a && (!b || byName(a, b) <= 0)) {
      merged.push(a);
      l += 1;
    } else if (b) {
      merged.push(b);
      r += 1;
    }
    if (pace.due()) await pace.rest();
  }
}

function byName(a: NamedEntry, b: NamedEntry): number {
  return compareNames(a.name, b.name);
}
