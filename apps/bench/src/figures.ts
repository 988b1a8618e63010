import type { Measurement } from './measure.js';

/** What several runs came to. */
export interface Figures {
  readonly runs: number;
  /** Wall times in ms. */
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median of the peaks, bytes. */
  readonly peak: number;
}

/** Sums up runs; there must be one at least. */
export function figures(runs: readonly Measurement[]): Figures {
  const walls = runs.map((run) => run.wall).sort((a, b) => a - b);
  return {
    runs: runs.length,
    median: median(walls),
    min: walls[0] ?? Number.NaN,
    max: walls.at(-1) ?? Number.NaN,
    peak: median(runs.map((run) => run.peak).sort((a, b) => a - b)),
  };
}

/** The middle of ascending numbers; between the two middle ones where their number is even. */
export function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}
