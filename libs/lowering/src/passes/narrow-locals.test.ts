import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { describe, expect, test } from 'vitest';
import { narrowLocals } from './narrow-locals.js';

const local = '%l = local "." resolved=(directory, "/work")';
const narrow = (patterns: string): string => local.replace(' resolved', ` include=[${patterns}] resolved`);

test('only what copies and mounts name is sent', async () => {
  const rest = `
    %i = image "node"
    %1 = copy %i %l "package.json" "/app/"
    %2 = copy %1 %l "./src/../src/" "/app/src"
    %3 = run %2 ["build"] { mount %l "/tools" readonly sourcePath="/tools" }
    target "default" = solve %3
  `;
  const result = await applyPass(narrowLocals, local + rest);
  expect(result.text).toBe(formatIr(`${narrow('"package.json", "src", "tools"')}${rest}`));
  expect(result.stats).toEqual([{ name: 'locals sent as a whole', before: 1, after: 0 }]);
});

describe('a directory is sent as a whole where something may read all of it', () => {
  test.each([
    ['a copy of the whole', '%x = copy %i %l "/" "/"'],
    ['a pattern', '%x = copy %i %l "*.json" "/" allowWildcard'],
    ['a copy through links', '%x = copy %i %l "a" "/" followSymlinks'],
    ['a name that is no pattern', '%x = copy %i %l "a[1]" "/"'],
    ['a name that a pattern would be trimmed to', '%x = copy %i %l "a " "/"'],
    ['a name that would be an exception', '%x = copy %i %l "!a" "/"'],
    ['a mount', '%x = run %i ["x"] { mount %l "/l" }'],
    ['a mount that is a result', '%x = run %i ["x"] { mount %l "/l" sourcePath="a" } result=0'],
    ['a mount that has a name', '%x = run %i ["x"] { mount %l "/l" sourcePath="a" named }'],
    ['a change', '%x = mkfile %l "a" 0o644 ""'],
    ['a copy onto it, and from it', '%x = copy %l %l "a" "b"'],
    ['a frontend', '%x = frontend "dockerfile.v0" inputs={"context": %l}'],
    ['a merge', '%x = merge [%i, %l]'],
  ])('%s', async (_, op) => {
    const text = `${local}\n%i = image "busybox"\n%p = copy %i %l "a" "/a"\n${op}\n%m = merge [%p, %x]\ntarget "d" = solve %m`;
    expect((await applyPass(narrowLocals, text)).changed).toBe(false);
  });

  test('a target', async () => {
    const text = `${local}\n%i = image "busybox"\n%c = copy %i %l "a" "/a"\ntarget "c" = solve %c\ntarget "l" = solve %l`;
    expect((await applyPass(narrowLocals, text)).changed).toBe(false);
  });
});

test('include patterns of the program stay, exclude patterns count beside those that are made', async () => {
  const text = `
    %a = local "." include=["src"] resolved=(directory, "/work")
    %b = local "." exclude=["node_modules"] resolved=(directory, "/work")
    %i = image "busybox"
    %1 = copy %i %a "src/x" "/"
    %2 = copy %1 %b "app" "/"
    target "default" = solve %2
  `;
  const result = await applyPass(narrowLocals, text);
  expect(result.text).toBe(formatIr(text.replace('"." exclude', '"." include=["app"] exclude')));
});

test('breaks nothing', async () => {
  await checkPass(narrowLocals);
});
