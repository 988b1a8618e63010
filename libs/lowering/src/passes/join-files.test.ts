import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { describe, expect, test } from 'vitest';
import { joinFiles } from './join-files.js';

/** The ops of a text that go on in the next one's vertex, by their texts. */
async function continued(text: string): Promise<readonly string[]> {
  const result = await applyPass(joinFiles, text);
  return [...result.text.matchAll(/^%\d+ = (\w+) .* continued/gm)].map(([, kind = '']) => kind);
}

test('changes before a copy join it, across settings and image config', async () => {
  const result = await applyPass(
    joinFiles,
    `
    %src = local "."
    %i = image "busybox"
    %1 = mkdir %i "/app" 0o755
    %2 = dir %1 "/app"
    %3 = mkfile %2 "version" 0o644 "1"
    %4 = env %3 "A" "1"
    %5 = label %4 "a" "b"
    %6 = rm %5 "/tmp/x" allowNotFound
    %7 = copy %6 %src "/" "."
    target "default" = solve %7
    `,
  );
  expect(result.text).toBe(
    formatIr(`
    %src = local "."
    %i = image "busybox"
    %1 = mkdir %i "/app" 0o755 continued
    %2 = dir %1 "/app"
    %3 = mkfile %2 "version" 0o644 "1" continued
    %4 = env %3 "A" "1"
    %5 = label %4 "a" "b"
    %6 = rm %5 "/tmp/x" allowNotFound continued
    %7 = copy %6 %src "/" "."
    target "default" = solve %7
    `),
  );
  expect(result.stats).toEqual([{ name: 'vertices of changes of files', before: 4, after: 1 }]);
});

describe('what is copied is not copied again because of what follows', () => {
  const before = '%s = local "."\n%i = image "busybox"\n';

  test('a copy goes on in a removal, and in nothing else', async () => {
    const chain = `${before}
      %1 = copy %i %s "/" "/a"
      %2 = rm %1 "/a/x"
      %3 = rm %2 "/a/y"
      %4 = mkfile %3 "/a/version" 0o644 "2"
      %5 = mkdir %4 "/b" 0o755
      %6 = copy %5 %s "/" "/b"
      %7 = copy %6 %s "/" "/c"
      target "default" = solve %7`;
    expect(await continued(chain)).toEqual(['copy', 'rm', 'mkfile', 'mkdir']);
  });

  test('copies do not join each other', async () => {
    const chain = `${before}
      %1 = copy %i %s "/a" "/a"
      %2 = copy %1 %s "/b" "/b"
      target "default" = solve %2`;
    expect(await continued(chain)).toEqual([]);
  });

  test('a copy that is laid over its input joins nothing', async () => {
    const chain = `${before}
      %1 = mkdir %i "/a" 0o755
      %2 = copy %1 %s "/" "/a/" link
      %3 = rm %2 "/a/x"
      target "default" = solve %3`;
    expect(await continued(chain)).toEqual([]);
  });
});

describe('a value that something else reads is a vertex', () => {
  test.each([
    ['another change', '%x = mkfile %1 "/x" 0o644 ""\n%m = merge [%2, %x]'],
    ['a run', '%x = run %1 ["x"]\n%m = merge [%2, %x]'],
    ['a mount', '%m = run %2 ["x"] { mount %1 "/m" }'],
    ['a copy as its source', '%m = copy %2 %1 "/" "/c"'],
  ])('%s', async (_, more) => {
    const text = `%i = image "busybox"\n%1 = mkdir %i "/a" 0o755\n%2 = mkfile %1 "/a/b" 0o644 ""\n${more}\ntarget "d" = solve %m`;
    expect(await continued(text)).not.toContain('mkdir');
  });

  test('the change itself, as its source', async () => {
    const text = '%i = image "busybox"\n%1 = mkdir %i "/a" 0o755\n%2 = copy %1 %1 "/a" "/b"\ntarget "d" = solve %2';
    expect(await continued(text)).toEqual([]);
  });

  test('a target, and an output', async () => {
    const text = `%i = image "busybox"
      %1 = mkdir %i "/a" 0o755
      %2 = mkfile %1 "/b" 0o644 ""
      %3 = download %2 "out"
      %4 = mkfile %3 "/c" 0o644 ""
      output %3 [1]
      target "first" = solve %1
      target "second" = solve %4`;
    expect(await continued(text)).toEqual([]);
  });
});

test('names of owners are looked up in what the vertex starts from', async () => {
  const text = `%i = image "busybox"
    %1 = mkfile %i "/etc/passwd" 0o644 "me"
    %2 = mkdir %1 "/a" 0o755 chown="me"
    %3 = mkdir %2 "/b" 0o755 chown="1000:root"
    target "d" = solve %3`;
  expect(await continued(text)).toEqual(['mkdir']);
});

test('an error has one place: changes of different files of a program stay apart', async () => {
  const text = `%i = image "busybox"
    %1 = mkdir %i "/a" 0o755 @ a.hlb:1:1-2
    %2 = mkdir %1 "/b" 0o755 @ a.hlb:2:1-2
    %3 = mkdir %2 "/c" 0o755 @ b.hlb:1:1-2
    target "d" = solve %3
    file $0 = "a.hlb"
    file $1 = "b.hlb"`;
  expect(await continued(text)).toEqual(['mkdir']);
});

test('keeps what a module means', async () => {
  await checkPass(joinFiles);
});
