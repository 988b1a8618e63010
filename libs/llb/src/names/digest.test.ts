import { isDigest } from '@hlb/names';
import { expect, test } from 'vitest';
import { digestOf, InvalidDigestError, parseDigest } from './digest.js';

test('the digest of nothing', () => {
  expect(digestOf(new Uint8Array())).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('the digest of a part of a buffer', () => {
  expect(digestOf(new Uint8Array([1, 2, 3]).subarray(1, 2))).toBe(digestOf(new Uint8Array([2])));
});

test.each([`sha256:${'0'.repeat(64)}`, `sha384:${'a'.repeat(96)}`, `sha512:${'f'.repeat(128)}`])('%s', (text) => {
  expect(parseDigest(text)).toBe(text);
  expect(isDigest(text)).toBe(true);
});

test.each([
  '',
  'sha256',
  ':',
  `:${'0'.repeat(64)}`,
  `sha256:${'0'.repeat(63)}`,
  `sha256:${'A'.repeat(64)}`,
  `sha256:${'g'.repeat(64)}`,
  `md5:${'0'.repeat(32)}`,
  `sha256:${'0'.repeat(64)}\n`,
])('%j is none', (text) => {
  expect(isDigest(text)).toBe(false);
  expect(() => parseDigest(text)).toThrow(InvalidDigestError);
});
