import type { StepId } from '@hlb/plan';
import { expect, test } from 'vitest';
import { counterText } from './counter-text.js';

const layer = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['transferring ./src:', 'transferring', 12_345n, 0n, 'transferring ./src: 12.3kB'],
  ['extracting', 'extracting', 0n, 0n, 'extracting'],
  ['x', '', 5n, 10n, 'x 5B / 10B'],
  [layer, 'downloading', 1_000_000n, 3_000_000n, '0123456789ab downloading 1MB / 3MB'],
  [layer, '', 0n, 3_000_000n, '0123456789ab 0B / 3MB'],
  ['id\u001b[2J', 'transferring\u0007', 0n, 0n, 'transferring␇'],
])('%s, %s, %d of %d: %s', (id, name, current, total, text) => {
  const step = 'solve-1' as StepId;
  expect(counterText({ kind: 'progress', step, vertex: 'v', id, name, current, total })).toBe(text);
});
