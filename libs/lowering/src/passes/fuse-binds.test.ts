import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { expect, test } from 'vitest';
import { fuseBinds } from './fuse-binds.js';

test('the results of one command are outputs of one exec', async () => {
  const result = await applyPass(
    fuseBinds,
    `
    %i = image "go"
    %s = scratch
    %bin = run %i ["build"] { mount %i "/src" readonly; mount %s "/bin" named; mount %s "/debug" named } result=1
    %debug = run %i ["build"] { mount %i "/src" readonly; mount %s "/bin" named; mount %s "/debug" named } result=2
    %root = run %i ["build"] { mount %i "/src" readonly; mount %s "/bin" named; mount %s "/debug" named }
    %m = merge [%bin, %debug, %root]
    target "default" = solve %m
    `,
  );
  expect(result.text).toBe(
    formatIr(`
    %i = image "go"
    %s = scratch
    %bin = run %i ["build"] { mount %i "/src" readonly; mount %s "/bin" named; mount %s "/debug" named } result=1 keeps=[2]
    %debug = run %i ["build"] { mount %i "/src" readonly; mount %s "/bin" named; mount %s "/debug" named } result=2 keeps=[1]
    %root = run %i ["build"] { mount %i "/src" readonly; mount %s "/bin" named; mount %s "/debug" named } keeps=[1, 2]
    %m = merge [%bin, %debug, %root]
    target "default" = solve %m
    `),
  );
  expect(result.stats).toEqual([{ name: 'execs with mounts that can be results', before: 3, after: 1 }]);
});

test('what a run keeps already stays, whoever asked for it', async () => {
  const { changed, text } = await applyPass(
    fuseBinds,
    `
    %s = scratch
    %root = run %s ["build"] { mount %s "/bin"; mount %s "/lib" } keeps=[0]
    %lib = run %s ["build"] { mount %s "/bin"; mount %s "/lib" } result=1
    %m = merge [%root, %lib]
    target "default" = solve %m
    `,
  );
  expect(changed).toBe(true);
  expect(text).toContain('} keeps=[0, 1]');
  expect(text).toContain('} result=1 keeps=[0]');
});

test('a mount with a name is kept also where only the root is read, so that the exec does not depend on the targets', async () => {
  const { text } = await applyPass(
    fuseBinds,
    `
    %i = image "go"
    %s = scratch
    %root = run %i ["build"] { mount %s "/bin" named; mount %s "/tmp" }
    target "default" = solve %root
    `,
  );
  expect(text).toContain('keeps=[0]');
});

test('mounts that leave nothing are not kept; other commands stay apart', async () => {
  const unchanged = `
    %i = image "go"
    %s = scratch
    %a = run %i ["build"] { mount %s "/a" readonly named; mount %s "/b" tmpfs named; mount %s "/c" }
    %b = run %i ["build", "b"] { mount %s "/a" named } result=0
    %c = run %i ["build", "c"] { mount %s "/a" named } result=0
    %d = run %i ["build"] { ignore-cache 1 }
    %m = merge [%a, %b, %c, %d]
    target "default" = solve %m
  `;
  expect((await applyPass(fuseBinds, unchanged)).changed).toBe(false);
});

test('runs that differ in nothing but whether a mount has a name are one exec', async () => {
  const { text } = await applyPass(
    fuseBinds,
    `
    %i = image "go"
    %s = scratch
    %a = run %i ["build"] { mount %s "/a" named }
    %b = run %i ["build"] { mount %s "/a" }
    %m = merge [%a, %b]
    target "default" = solve %m
    `,
  );
  expect(text.match(/keeps=\[0\]/g)).toHaveLength(2);
});

test('keeps what a module means', async () => {
  await checkPass(fuseBinds);
});
