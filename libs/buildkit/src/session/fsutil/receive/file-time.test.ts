import { lstatSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileTime } from './file-time.js';

test('whole seconds arrive exactly, all others within their microsecond, before 1970 within a millisecond', () => {
  const folder = mkdtempSync(join(tmpdir(), 'time-'));
  const file = join(folder, 'f');
  writeFileSync(file, '');
  const set = (time: bigint): bigint => {
    utimesSync(file, fileTime(time), fileTime(time));
    return lstatSync(file, { bigint: true }).mtimeNs;
  };
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n }), (time) => {
      expect(set(time) / 1000n).toBe(time / 1000n);
      expect(set(time - (time % 1_000_000_000n))).toBe(time - (time % 1_000_000_000n));
    }),
    { numRuns: 2000 },
  );
  expect(set(1_699_999_999_999_999_999n) / 1000n).toBe(1_699_999_999_999_999n);
  expect(set(-5_500_000_000n)).toBe(-5_500_000_000n);
  rmSync(folder, { recursive: true });
});
