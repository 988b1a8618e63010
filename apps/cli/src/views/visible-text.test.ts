import { expect, test } from 'vitest';
import { lastDrawn, visibleText } from './visible-text.js';

test('colours are dropped, other control characters are shown', () => {
  expect(visibleText('\u001b[1;31mred\u001b[0m')).toBe('red');
  expect(visibleText('\u001b]0;title\u0007')).toBe('␛]0;title␇');
  expect(visibleText('\u001b[2J\u001b[H')).toBe('␛[2J␛[H');
  expect(visibleText('a\u0000b\u007fc\u009bd')).toBe('a␀b␡c<U+009B>d');
});

test('marks that turn the direction of text are shown', () => {
  expect(visibleText('a\u202eb')).toBe('a<U+202E>b');
});

test('tabs and letters of any script stay', () => {
  expect(visibleText('a\tб漢👩‍👩‍👧')).toBe('a\tб漢👩‍👩‍👧');
});

test('of a line that was drawn over itself, what stood there last counts', () => {
  expect(lastDrawn('10%\r50%\r100%')).toBe('100%');
  expect(lastDrawn('windows line\r')).toBe('windows line');
  expect(lastDrawn('')).toBe('');
});
