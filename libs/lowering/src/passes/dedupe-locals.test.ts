import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { expect, test } from 'vitest';
import { dedupeLocals } from './dedupe-locals.js';

test('one directory written in five ways, in runs, a copy and two frontends, is one local', async () => {
  const result = await applyPass(
    dedupeLocals,
    `
    %a = local "." resolved=(directory, "/work")
    %b = local "./x/.." resolved=(directory, "/work")
    %c = local "/work" resolved=(directory, "/work")
    %d = local "link" resolved=(directory, "/work")
    %e = local "../work" base="sub" resolved=(directory, "/work")
    %base = image "busybox"
    %r1 = run %base ["one"] { mount %a "/src" readonly }
    %r2 = run %r1 ["two"] { mount %b "/src" }
    %copied = copy %r2 %c "/" "/"
    %f1 = frontend "dockerfile.v0" inputs={"context": %d, "dockerfile": %d}
    %f2 = frontend "acme/other" inputs={"context": %e}
    %whole = merge [%copied, %f1, %f2]
    target "default" = solve %whole
    `,
  );
  expect(result.text).toBe(
    formatIr(`
    %a = local "." resolved=(directory, "/work")
    %base = image "busybox"
    %r1 = run %base ["one"] { mount %a "/src" readonly }
    %r2 = run %r1 ["two"] { mount %a "/src" }
    %copied = copy %r2 %a "/" "/"
    %f1 = frontend "dockerfile.v0" inputs={"context": %a, "dockerfile": %a}
    %f2 = frontend "acme/other" inputs={"context": %a}
    %whole = merge [%copied, %f1, %f2]
    target "default" = solve %whole
    `),
  );
  expect(result.stats).toEqual([{ name: 'locals', before: 5, after: 1 }]);
});

test('other filters, ones that are known later, another generation and a file stay apart', async () => {
  const text = `
    %a = local "src" resolved=(directory, "/work/src")
    %b = local "src" include=["*.c"] resolved=(directory, "/work/src")
    %c = local "src" exclude=["*.c"] resolved=(directory, "/work/src")
    %d = local "src" generation=1 resolved=(directory, "/work/src")
    %e = local "src/f" resolved=(file, "/work/src/f")
    %f = local "src"
    %later = command ["patterns"]
    %g = local "src" include=[%later] resolved=(directory, "/work/src")
    %h = local "src" include=[%later] resolved=(directory, "/work/src")
    %whole = merge [%a, %b, %c, %d, %e, %f, %g, %h]
    target "default" = solve %whole
  `;
  const result = await applyPass(dedupeLocals, text);
  expect(result.changed).toBe(false);
  expect(result.stats).toEqual([{ name: 'locals', before: 8, after: 8 }]);
});

test('a file is itself whatever filters it is given', async () => {
  const result = await applyPass(
    dedupeLocals,
    `
    %a = local "f" include=["x"] resolved=(file, "/work/f")
    %b = local "./f" resolved=(file, "/work/f")
    %whole = merge [%a, %b]
    target "default" = solve %whole
    `,
  );
  expect(result.stats).toEqual([{ name: 'locals', before: 2, after: 1 }]);
});

test('the one that stays says where all came from', async () => {
  const result = await applyPass(
    dedupeLocals,
    `
    %a = local "." resolved=(directory, "/work") @ p.hlb:1:2-3
    %b = local "." resolved=(directory, "/work") @ p.hlb:2:2-3
    %whole = merge [%a, %b]
    target "default" = solve %whole
    file $0 = "p.hlb"
    `,
  );
  expect(result.text).toContain('@ p.hlb:1:2-3, p.hlb:2:2-3');
});

test('keeps what a module means', async () => {
  await checkPass(dedupeLocals);
});
