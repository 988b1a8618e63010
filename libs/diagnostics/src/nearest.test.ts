import { expect, test } from 'vitest';
import { nearest } from './nearest.js';

const words = ['unset', 'host', 'none', 'copy', 'id'];

test.each([
  ['a letter in place of another', 'hast', 'host'],
  ['two that changed places', 'hots', 'host'],
  ['a letter too few', 'non', 'none'],
  ['another case, however long the word', 'UNSET', 'unset'],
  ['something else', 'wide-open', undefined],
  ['of short words one change only', 'xyz', undefined],
  ['as many changes as letters', 'x', undefined],
  ['the word itself is no other word', 'copy', undefined],
])('%s', (_, word, meant) => {
  expect(nearest(word, words)).toBe(meant);
});

test('of several the one with the fewest changes, whatever stands first', () => {
  expect(nearest('copyy', ['coppyy', 'cop', 'copy'])).toBe('coppyy');
  expect(nearest('copyy', ['cop', 'copy'])).toBe('copy');
});

test('the limit may be another', () => {
  expect(nearest('hxxx', words)).toBeUndefined();
  expect(nearest('hxxx', words, 3)).toBe('host');
});
