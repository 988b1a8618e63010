import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineLayout } from './layout.js';

test('the folder is the option, else HLB_ENGINE_DIR, else in the cache folder', () => {
  const env = { HLB_ENGINE_DIR: '/somewhere/engine', HOME: '/nowhere', XDG_CACHE_HOME: '/nowhere/cache' };
  expect(engineLayout({ dir: '/other', env }).dir).toBe('/other');
  expect(engineLayout({ env }).dir).toBe('/somewhere/engine');
  expect(engineLayout({ env: { ...env, HLB_ENGINE_DIR: '' } }).dir).toBe('/nowhere/cache/hlb/engine');
  expect(engineLayout({ env: { HOME: '/nowhere' } }).dir).toBe('/nowhere/.cache/hlb/engine');
});

test('packages lie in the engine unless they are shared', () => {
  expect(engineLayout({ dir: '/nowhere/e', env: {} }).packages).toBe('/nowhere/e/packages');
  expect(engineLayout({ dir: '/nowhere/e', env: { HLB_ENGINE_PACKAGES: '/nowhere/p' } }).packages).toBe('/nowhere/p');
  expect(engineLayout({ dir: '/nowhere/e', packages: '/nowhere/q', env: {} }).packages).toBe('/nowhere/q');
});

test('a folder has one name, by whatever link it is reached', async () => {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'hlb-layout-')));
  try {
    await symlink(base, join(base, 'link'));
    const direct = engineLayout({ dir: join(base, 'not/yet/there'), env: {} });
    expect(engineLayout({ dir: join(base, 'link/not/yet/there'), env: {} })).toEqual(direct);
    expect(direct.dir).toBe(join(base, 'not/yet/there'));
  } finally {
    await rm(base, { recursive: true });
  }
});

test('engines in different folders share no name', () => {
  const [a, b] = [engineLayout({ dir: '/nowhere/a', env: {} }), engineLayout({ dir: '/nowhere/b', env: {} })];
  expect(a.bridge).not.toBe(b.bridge);
  expect(a.cgroup).not.toBe(b.cgroup);
  // IFNAMSIZ is 16 with the end.
  expect(a.bridge.length).toBeLessThan(16);
});

test('the sockets of a folder with a long name lie elsewhere', () => {
  const long = engineLayout({ dir: `/nowhere/${'long-'.repeat(20)}`, env: {} });
  expect(long.run).toMatch(/^\/(run|tmp)\/hlb-engine-[0-9a-f]{8}$/);
  expect(long.socket.length).toBeLessThan(108);
  expect(long.data.startsWith(long.dir)).toBe(true);
  expect(engineLayout({ dir: '/nowhere/short', env: {} }).run).toBe('/nowhere/short/run');
});
