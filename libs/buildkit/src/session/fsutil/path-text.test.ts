import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../transfer-error.js';
import { decodePath, pathBytes, readLink, systemPath } from './path-text.js';

test('any bytes become a string and the same bytes again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect([...pathBytes(decodePath(Buffer.from(bytes)))]).toEqual([...bytes]);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodePath(Buffer.from(text))).toBe(text);
      expect(systemPath(text)).toBe(text);
    }),
  );
});

test.each([
  ['ff', '\udcff'],
  ['61c328', 'a\udcc3('],
  ['f09f98', '\udcf0\udc9f\udc98'],
  ['f09f9880ff', '\u{1f600}\udcff'],
  ['eda080', '\udced\udca0\udc80'], // a surrogate in UTF-8 is not UTF-8
  ['c080', '\udcc0\udc80'],
  ['efbfbdff', '\ufffd\udcff'],
])('%s', (hex, text) => {
  expect(decodePath(Buffer.from(hex, 'hex'))).toBe(text);
});

test('where a link leads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'path-text-'));
  symlinkSync(Buffer.from([0x61, 0xff, 0x62]), join(folder, 'link'));
  expect(readLink(join(folder, 'link'))).toBe('a\udcffb');
  rmSync(folder, { recursive: true });
});

test('shown with escapes', () => {
  expect(printable('a/b ä')).toBe('a/b ä');
  expect(printable('a\udcffb')).toBe('"a\\xffb"');
  expect(printable('new\nline')).toBe('"new\\nline"');
});
