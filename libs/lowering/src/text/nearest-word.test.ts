import { expect, test } from 'vitest';
import { nearestWord } from './nearest-word.js';

test.each([
  ['hots', 'host'],
  ['non', 'none'],
  ['unst', 'unset'],
  ['wide-open', undefined],
  ['xyz', undefined],
])('%s', (word, nearest) => {
  expect(nearestWord(word, ['unset', 'host', 'none'])).toBe(nearest);
});
