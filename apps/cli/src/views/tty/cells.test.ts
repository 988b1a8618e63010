import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { cells, cut, filled } from './cells.js';

test('a text is cut between characters, never wider than it may be', () => {
  expect(cut('plain', 5)).toBe('plain');
  expect(cut('plain text', 5)).toBe('plai…');
  expect(cut('漢字漢字', 5)).toBe('漢字…');
  expect(cut('漢字漢字', 4)).toBe('漢…');
  expect(cut('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
  expect(cut('abc', 1)).toBe('…');
  expect(cut('abc', 0)).toBe('');
  expect(cut('x'.repeat(1_000_000), 3, '~')).toBe('xx~');
  expect(filled('漢', 4)).toBe('漢  ');
});

test('for any text and width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      expect(stringWidth(cut(text, width))).toBeLessThanOrEqual(width);
      expect(cells(text)).toBe(stringWidth(text));
    }),
  );
});
