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
    %r0 = run %i [%v1, %v2] { ignore-cache 1 }
    %r1 = run %r0 ["date"] { ignore-cache 2 }
    %r2 = run %r0 ["date"] { ignore-cache 3 }
    %d1 = download %r1 "out"
    %d2 = download %r1 "out"
    %m = merge [%d1, %d2, %r2]
    output %d1 [0]
    output %d2 [0]
    target "default" = solve %m
  `;
  expect((await applyPass(shareValues, text)).changed).toBe(false);
});

test('what is shared has the places of all, and no more than a reader looks at', async () => {
  const many = (count: number): string =>
    [
      ...Array.from({ length: count }, (_, line) => `%i${line} = image "busybox" @ build.hlb:${line + 1}:2-7`),
      `%m = merge [${Array.from({ length: count }, (_, line) => `%i${line}`).join(', ')}]`,
      'target "default" = solve %m',
      'file $0 = "build.hlb"',
    ].join('\n');
  const places = async (count: number): Promise<readonly string[]> => {
    const { text } = await applyPass(shareValues, many(count));
    return text.match(/build\.hlb:\d+:2-7/g) ?? [];
  };
  expect(await places(3)).toEqual(['build.hlb:1:2-7', 'build.hlb:2:2-7', 'build.hlb:3:2-7']);
  expect(await places(40)).toHaveLength(16);
});

test('keeps what a module means', async () => {
  await checkPass(shareValues);
});
