import { judgeValue } from '@hlb/checker';
import { sourceFile, span } from '@hlb/diagnostics';
import { normalizeImageReference } from '@hlb/facts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const at = span(sourceFile('build.hlb', ''), 0, 0);
const hex = '0123456789abcdef'.repeat(4);
const words = [
  'a',
  'B',
  '0',
  '.',
  '-',
  '_',
  '__',
  '/',
  ':',
  '@',
  'localhost',
  'docker.io',
  'sha256:',
  hex,
  '[::1]',
  ' ',
];

test('a text names an image for the checker exactly if it does when the program is compiled', () => {
  const texts = fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      expect(judgeValue('image-reference', text, at) === undefined).toBe(normalizeImageReference(text) !== undefined);
    }),
    { numRuns: 2000 },
  );
});
