import { expect, test } from 'vitest';
import { figures, median } from './figures.js';

test('the median of an odd number of runs is the middle one, of an even number the mean of the two', () => {
  expect(median([1, 2, 9])).toBe(2);
  expect(median([1, 2, 4, 9])).toBe(3);
  expect(median([])).toBeNaN();
});

test('sums up runs in any order', () => {
  const runs = [
    { wall: 30, peak: 5 },
    { wall: 10, peak: 7 },
    { wall: 20, peak: 6 },
  ];
  expect(figures(runs)).toEqual({ runs: 3, median: 20, min: 10, max: 30, peak: 6 });
});
