import type { Pace } from './pace.js';

/** Items that are sorted in one go; sorting more at once would keep the event loop for too long. */
const RUN = 8192;

/** Sorts, in slices where there is much to sort. The given array may be sorted in place. */
export async function sortInSlices<Item>(
  items: Item[],
  compare: (a: Item, b: Item) => number,
  pace: Pace,
): Promise<readonly Item[]> {
  if (items.length <= RUN) return items.sort(compare);
  let runs: Item[][] = [];
  for (let start = 0; start < items.length; start += RUN) {
    runs.push(items.slice(start, start + RUN).sort(compare));
    await pace.rest();
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const left = runs[i] ?? [];
      const right = runs[i + 1];
      merged.push(right ? await merge(left, right, compare, pace) : left);
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (a: Item, b: Item) => number,
  pace: Pace,
): Promise<Item[]> {
  // At its length from the start: an array that grows is copied again and again, and large ones are freed late.
  const merged = new Array<Item>(left.length + right.length);
  let l = 0;
  let r = 0;
  for (;;) {
    const a = left[l];
    const b = right[r];
    if (a === undefined && b === undefined) return merged;
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      merged[l + r] = a;
      l += 1;
    } else if (b !== undefined) {
      merged[l + r] = b;
      r += 1;
    }
    if (pace.due()) await pace.rest();
  }
}
