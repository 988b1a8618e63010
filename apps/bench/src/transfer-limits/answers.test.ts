import { expect, test } from 'vitest';
import { answers } from './answers.js';

test('the worst answer, and what 99 of 100 need at most', () => {
  const times = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect(answers(times)).toEqual({ count: 200, worst: 200, most: 198 });
  expect(answers([7])).toEqual({ count: 1, worst: 7, most: 7 });
});

test('without an answer there is no figure', () => {
  expect(answers([])).toEqual({ count: 0, worst: Number.NaN, most: Number.NaN });
});
