import type { Pace } from './pace.js';

/** Items that are sorted in one go; sorting more at once would keep the event loop for too long. */
const RUN = 8192;

/**
 * The order of so many items, by their places: sorts in slices where there is much to sort. Numbers alone are moved, between two columns,
 * so that it makes no garbage.
 *
 * @param compare how the items at two places compare; those that are equal stay in their order
 */
export async function sortInSlices(
  length: number,
  compare: (a: number, b: number) => number,
  pace: Pace,
): Promise<Uint32Array> {
  let sorted = new Uint32Array(length);
  for (let at = 0; at < length; at++) sorted[at] = at;
  if (length <= RUN) return sorted.sort(compare);
  for (let start = 0; start < length; start += RUN) {
    sorted.subarray(start, start + RUN).sort(compare);
    await pace.rest();
  }
  let merged = new Uint32Array(length);
  for (let run = RUN; run < length; run *= 2) {
    for (let start = 0; start < length; start += 2 * run) {
      const middle = Math.min(start + run, length);
      const end = Math.min(middle + run, length);
      await merge(sorted, start, middle, end, merged, compare, pace);
    }
    [sorted, merged] = [merged, sorted];
  }
  return sorted;
}

/** Merges the runs from `start` to `middle`, and from there to `end`, into the same places of `merged`. */
async function merge(
  sorted: Uint32Array,
  start: number,
  middle: number,
  end: number,
  merged: Uint32Array,
  compare: (a: number, b: number) => number,
  pace: Pace,
): Promise<void> {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const a = sorted[left] ?? 0;
    const b = sorted[right] ?? 0;
    if (right === end || (left < middle && compare(a, b) <= 0)) {
      merged[at] = a;
      left += 1;
    } else {
      merged[at] = b;
      right += 1;
    }
    if (pace.due()) await pace.rest();
  }
}
