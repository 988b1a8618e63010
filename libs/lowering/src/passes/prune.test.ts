import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { expect, test } from 'vitest';
import { prune } from './prune.js';

test('drops what nothing is made of, and keeps outputs that nobody reads', async () => {
  const result = await applyPass(
    prune,
    `
    %lost = image "busybox"
    %base = scratch
    %out = download %base "out"
    %kept = mkfile %base "/a" 0o644 "a"
    %text = concat ["a", "b"]
    output %out [0]
    target "default" = solve %kept
    `,
  );
  expect(result.text).toBe(
    formatIr(`
    %base = scratch
    %out = download %base "out"
    %kept = mkfile %base "/a" 0o644 "a"
    output %out [0]
    target "default" = solve %kept
    `),
  );
  expect(result.stats).toEqual([{ name: 'ops', before: 5, after: 3 }]);
});

test('keeps what a module means', async () => {
  await checkPass(prune);
});
