import { expect, test } from 'vitest';
import { dockerConfig, loggedIn, privateRegistry } from '../../../../tests/support/private-registry.js';
import { diskUsage, prune } from '../control/engine.js';
import type { CacheEntry } from '../control/solve-request.js';
import { attributes, OnEngine, shell, tarFile } from '../fixtures/on-engine.js';
import { skipUnless } from '../fixtures/skip-unless.js';

const registryCache = (attrs: Readonly<Record<string, string>>): CacheEntry => ({
  type: 'registry',
  attrs: attributes(attrs),
});

/** Makes the engine forget what a test has built. */
async function forget(on: OnEngine): Promise<void> {
  const records = await diskUsage(on.connection, { filter: [`description~=${on.mark}`] });
  expect(records.length).toBeGreaterThan(0);
  for await (const _ of prune(on.connection, { filter: records.map(({ id }) => `id==${id}`), all: true }));
}

test.for(['basic', 'token'] as const)('%s: a cache in a private registry, out and back', async (kind, context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry(kind);
  const on = await OnEngine.open({ auth: { env: loggedIn(registry.host) } });
  const ref = `${registry.host}/team/cache:main`;
  // It never makes the same twice.
  const step = shell(`: ${on.mark}; head -c 16 /dev/urandom | md5sum > /made`);
  const made = async (by: OnEngine, imports: readonly CacheEntry[] = []): Promise<string> => {
    const { path } = await by.receive(step, 'tar', {}, { cacheImports: imports });
    return tarFile(path, 'made').toString();
  };
  const first = await made(on);
  await on.build(step, { cacheExports: [registryCache({ ref, mode: 'max' })] });
  expect((await registry.get('team/cache/manifests/main')).status).toBe(200);

  // For who may not read it there is no cache, and the build goes on without; nor may they write one.
  await forget(on);
  const stranger = await OnEngine.open({ auth: { env: dockerConfig({}) } });
  expect(await made(stranger, [registryCache({ ref })])).not.toBe(first);
  const written = stranger.build(step, { cacheExports: [registryCache({ ref })] });
  await expect(written).rejects.toThrow(/401|authoriz|denied/i);

  await forget(on);
  expect(await made(on, [registryCache({ ref })])).toBe(first);
});
