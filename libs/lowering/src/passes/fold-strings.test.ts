import { applyPass, checkPass, formatIr } from '@hlb/ir/testing';
import { expect, test } from 'vitest';
import { foldStrings } from './fold-strings.js';

test('writes what follows from known texts where it is read', async () => {
  const result = await applyPass(
    foldStrings,
    `
    %name = format "%s-%05s" ["a", "7"]
    %both = concat [%name, "/", %name]
    %laid = layout "  x\\n  y\\n" dedent
    %filled = template "{{ .who }}!" fields={"who": %both}
    %base = scratch
    %out = mkfile %base %both 0o644 %filled
    %last = mkfile %out "/laid" 0o644 %laid
    target "default" = solve %last
    `,
  );
  expect(result.text).toContain('mkfile %4 "a-00007/a-00007" 0o644 "a-00007/a-00007!"');
  expect(result.text).toContain('mkfile %5 "/laid" 0o644 "x\\ny"');
  expect(result.stats).toEqual([{ name: 'texts', before: 4, after: 0 }]);
});

test('leaves what waits for a push', async () => {
  const text = `
    %base = scratch
    %push = docker-push %base "acme/f"
    %digest = push-digest %push
    %text = concat ["pin ", %digest]
    %pin = mkfile %base "/pin" 0o644 %text
    output %push [0]
    target "default" = solve %pin
  `;
  const result = await applyPass(foldStrings, text);
  expect(result.changed).toBe(false);
  expect(result.text).toBe(formatIr(text));
});

test('a text that a target prints is written too', async () => {
  const result = await applyPass(foldStrings, '%t = concat ["a", "b"]\ntarget "default" = text %t');
  expect(result.text).toContain('target "default" = text "ab"');
});

test('a template that fails is reported', async () => {
  const result = await applyPass(foldStrings, '%t = template "{{ .x "\ntarget "default" = text %t');
  expect(result.diagnostics.map(({ code }) => code)).toEqual(['HLB0518']);
});

test('holds on random modules', async () => {
  await checkPass(foldStrings);
});
