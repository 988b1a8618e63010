import { ControlService } from '@hlb/proto/control';
import { expect, test } from 'vitest';
import { fakeConnection } from '../fixtures/fake-connection.js';
import { diskUsage, engineVersion, prune } from './engine.js';

const fake = fakeConnection();

async function pruned(options: Parameters<typeof prune>[1]): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of prune(fake.connection, options)) ids.push(id);
  return ids;
}

test('limits that an engine would leave out without a word keep it from pruning at all', async () => {
  fake.engine.announce({ llb: [] });
  for (const options of [{ maxUsedSpace: 1n }, { minFreeSpace: 1n }]) {
    await expect(pruned(options)).rejects.toMatchObject({
      code: 'UNIMPLEMENTED',
      message: expect.stringContaining('needs BuildKit 0.17 or newer'),
    });
  }
  await expect(diskUsage(fake.connection, { ageLimit: 1n })).rejects.toThrow('needs BuildKit 0.22 or newer');
  for (const { path } of [ControlService.prune, ControlService.diskUsage]) {
    expect(fake.engine.calls).not.toContain(path);
  }
});

test('every field of a request to prune and to list arrives', async () => {
  fake.engine.announce({ llb: ['gc.freespacefilter', 'source.git.checksum'] });
  const seen: unknown[] = [];
  fake.engine.handlers.set(ControlService.prune.path, async (call) => {
    for await (const message of call.messages) seen.push(ControlService.prune.requestDeserialize(message));
    call.end();
  });
  fake.engine.on(ControlService.diskUsage, (request) => {
    seen.push(request);
    return { record: [] };
  });
  const limits = { keepDuration: 2n, reservedSpace: 3n, maxUsedSpace: 4n, minFreeSpace: 5n };
  expect(await pruned({ filter: ['type==regular'], all: true, ...limits })).toEqual([]);
  expect(await diskUsage(fake.connection, { filter: ['inuse'], ageLimit: 6n })).toEqual([]);
  expect(seen).toEqual([
    { filter: ['type==regular'], all: true, ...limits },
    { filter: ['inuse'], ageLimit: 6n },
  ]);
});

test('an engine that does not tell its version has none', async () => {
  expect(await engineVersion(fake.connection)).toBeUndefined();
});
