import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { expect, test } from 'vitest';
import { shareValues } from './share-values.js';

test('equal ops are one, with all that is made of them', async () => {
  const result = await applyPass(
    shareValues,
    `
    %i1 = image "busybox"
    %r1 = run %i1 ["setup"]
    %i2 = image "busybox"
    %r2 = run %i2 ["setup"]
    %base = scratch
    %c1 = copy %base %r1 "/" "/l"
    %c2 = copy %c1 %r2 "/" "/r"
    target "default" = solve %c2
    `,
  );
  expect(result.text).toBe(
    formatIr(`
    %i = image "busybox"
    %r = run %i ["setup"]
    %base = scratch
    %c1 = copy %base %r "/" "/l"
    %c2 = copy %c1 %r "/" "/r"
    target "default" = solve %c2
    `),
  );
});

test('outputs, commands of the host and runs that ignore the cache are done as often as they were evaluated', async () => {
  const text = `
    %v1 = command ["date"]
    %v2 = command ["date"]
    %i = image "busybox"
    %r1 = run %i [%v1] { ignore-cache 1 }
    %r2 = run %i [%v2] { ignore-cache 2 }
    %d1 = download %r1 "out"
    %d2 = download %r1 "out"
    %m = merge [%d1, %d2, %r2]
    output %d1 [0]
    output %d2 [0]
    target "default" = solve %m
  `;
  expect((await applyPass(shareValues, text)).changed).toBe(false);
});

test('keeps what a module means', async () => {
  await checkPass(shareValues);
});
