import { applyPass, checkPass } from '@hlb/ir/testing';
import { expect, test } from 'vitest';
import { checkValues } from './check-values.js';

async function codes(text: string): Promise<readonly string[]> {
  const { diagnostics, changed } = await applyPass(checkValues, text);
  expect(changed).toBe(false);
  return diagnostics.map(({ code, severity }) => (severity === 'error' ? code : `${code} ${severity}`));
}

const base = '%i = image "busybox"\n';

test.each([
  ['image "Not A Ref!"', 'HLB0504'],
  ['frontend "Not A Ref!"', 'HLB0504'],
  ['http "ftp://example.org"', 'HLB0525'],
  ['http "https://example.org" checksum="sha256:short"', 'HLB0508'],
  ['git "ftp://example.org/x" ""', 'HLB0511'],
  ['mkdir %i "/a" 0o755 createdTime="yesterday"', 'HLB0510'],
  ['run %i ["x"] { network "hots" }', 'HLB0505'],
  ['run %i ["x"] { security "open" }', 'HLB0506'],
  ['run %i ["x"] { host "db" "10.0.0.999" }', 'HLB0509'],
  ['run %i ["x"] { mount %i "/c" cache=("a", "privat") }', 'HLB0507'],
  ['run %i ["echo \'"] { shlex }', 'HLB0523'],
  ['docker-push %i "Not A Ref!"', 'HLB0504'],
])('%s', async (op, code) => {
  const output = op.startsWith('docker-push') ? 'output %x [0]\n' : '';
  expect(await codes(`${base}%x = ${op}\n${output}target "default" = solve %x`)).toEqual([code]);
});

test('the engine knows some frontends by name', async () => {
  expect(await codes('%f = frontend "dockerfile.v0"\n%g = frontend "gateway.v0"\ntarget "d" = solve %f')).toEqual([]);
});

test('a run that nothing can depend on is named, unless the same call is bound elsewhere', async () => {
  const places = 'file $0 = "p.hlb"';
  const dropped = `${base}%r = run %i ["x"] { readonly-rootfs } @ p.hlb:1:1-2\ntarget "d" = solve %r\n${places}`;
  expect(await codes(dropped)).toEqual(['HLB0528 warning']);
  const bound = `${base}%s = scratch
    %r = run %i ["x"] { readonly-rootfs; mount %s "/o" } @ p.hlb:1:1-2
    %o = run %i ["x"] { readonly-rootfs; mount %s "/o" } result=1 @ p.hlb:1:1-2
    %m = merge [%r, %o]
    target "d" = solve %m
    ${places}`;
  expect(await codes(bound)).toEqual([]);
});

test('keeps what a module means', async () => {
  await checkPass(checkValues);
});
