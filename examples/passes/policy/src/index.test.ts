import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPass, checkPass } from '@hlb/ir/testing';
import policy from './index.js';

const digest = `sha256:${'a'.repeat(64)}`;

/** What is said of a module's text. */
async function said(text: string, passOptions?: object): Promise<readonly string[]> {
  const { changed, diagnostics } = await applyPass(policy, text, { passOptions });
  assert.equal(changed, false);
  assert.ok(diagnostics.every(({ severity }) => severity === 'error'));
  return diagnostics.map(({ message }) => message);
}

test('refuses images without a digest, but of trusted registries', async () => {
  const text = `
    %0 = image "alpine:3.20"
    %1 = image "alpine:3.20@${digest}"
    %2 = image "registry.internal/base"
    %3 = image "registry.internal.example/base"`;
  assert.deepEqual(await said(text, { trusted: ['registry.internal/'] }), [
    'alpine:3.20 is not pinned',
    'registry.internal.example/base is not pinned',
  ]);
  assert.deepEqual(await said(text, { allow: ['unpinned'] }), []);
});

test('refuses an image whose name nobody knows yet', async () => {
  assert.deepEqual(await said('%0 = host-env "IMAGE"\n%1 = image %0'), [
    'an image whose name is known only later is not pinned',
  ]);
});

test('refuses insecure commands and the network of the host', async () => {
  const text = `
    %0 = scratch
    %1 = run %0 ["make"] { security "insecure"; network "host" }
    %2 = run %0 ["make"] { security "sandbox"; network "none" }
    %3 = run %0 ["make"]`;
  assert.deepEqual(await said(text), [
    'a command must not run insecurely',
    "a command must not use the host's network",
  ]);
  assert.deepEqual(await said(text, { allow: ['insecure', 'host-network'] }), []);
});

test('points at the argument', async () => {
  const { diagnostics } = await applyPass(
    policy,
    `%0 = image "alpine"^2:8-16 @ build.hlb:2:2-7\nfile $0 = "build.hlb" "fs x() {\\n\\timage \\"alpine\\"\\n}\\n"`,
  );
  const span = diagnostics[0]?.labels[0]?.span;
  assert.deepEqual(span?.file.position(span.start), { line: 2, column: 8 });
});

test('keeps what every pass must keep', () => checkPass(policy));
