import { expect, test } from 'vitest';
import { bytes, counted, seconds } from './units.js';

test.each([
  [0, '0.0s'],
  [49, '0.0s'],
  [1234, '1.2s'],
  [99_900, '99.9s'],
  [99_960, '1m40s'],
  [125_000, '2m05s'],
  [3_720_000, '1h02m'],
])('%d ms are %s', (milliseconds, text) => {
  expect(seconds(milliseconds)).toBe(text);
});

test.each([
  [0, '0B'],
  [512, '512B'],
  [1234, '1.23kB'],
  [12_345, '12.3kB'],
  [300_000_000, '300MB'],
  [999_600, '1MB'],
  [2_500_000_000_000n, '2.5TB'],
])('%d bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

test('numbers come with their noun', () => {
  expect(counted(1, 'file')).toBe('1 file');
  expect(counted(20_000, 'file')).toBe('20,000 files');
  expect(counted(0, 'error')).toBe('0 errors');
});
