import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { attributes, json, mkfile, OnEngine, shell } from '../../fixtures/on-engine.js';
import { skipUnless } from '../../fixtures/skip-unless.js';
import { readBlob } from './blobs.js';
import { buildHistory, type HistoryOptions, type HistoryRecord, historyError, updateBuildHistory } from './history.js';
import { historyUpdates } from './history-updates.js';

async function records(on: OnEngine, options: HistoryOptions): Promise<readonly HistoryRecord[]> {
  const all = [];
  for await (const { record } of buildHistory(on.connection, options)) all.push(record);
  return all;
}

async function ended(on: OnEngine, ref: string): Promise<HistoryRecord> {
  for await (const { kind, record } of buildHistory(on.connection, { ref, follow: true })) {
    if (kind === 'completed') return record;
  }
  throw new Error('the history ended');
}

test('a build that went well, with its news to read again', async (context) => {
  await skipUnless(context, 'llb:source.policy', 'history of builds');
  const on = await OnEngine.open();
  const build = on.start(shell(`echo said ${on.mark}`));
  await build.done;
  const record = await ended(on, build.ref);
  expect(record).toMatchObject({ ref: build.ref, frontend: '', pinned: false, warnings: expect.any(Number) });
  expect(record.completed).toBeGreaterThan(record.created ?? Number.POSITIVE_INFINITY);
  const written = [];
  const names = new Set<string>();
  for await (const { vertices, logs } of historyUpdates(on.connection, record)) {
    for (const { name } of vertices) names.add(name);
    for (const { data } of logs) written.push(data);
  }
  expect(Buffer.concat(written).toString()).toBe(`said ${on.mark}\n`);
  expect([...names].some((name) => name.includes(on.mark))).toBe(true);
});

test('a build that failed, with all that is known of why', async (context) => {
  await skipUnless(context, 'llb:source.policy', 'history of builds');
  const on = await OnEngine.open();
  const build = on.start(shell(`: ${on.mark}; exit 7`));
  await expect(build.done).rejects.toThrow('exit code: 7');
  const record = await ended(on, build.ref);
  expect(record.error?.message).toContain('exit code: 7');
  expect(await historyError(on.connection, record)).toMatchObject({ details: { exitCode: 7 } });
});

test('provenance that a build made is among its blobs', async (context) => {
  await skipUnless(context, 'images');
  await skipUnless(context, 'llb:source.policy', 'history of builds');
  const on = await OnEngine.open();
  const { ref } = await on.receive(
    mkfile('/a', on.mark),
    'oci',
    {},
    {
      frontendAttrs: attributes({ 'attest:provenance': 'mode=max' }),
    },
  );
  const record = await ended(on, ref);
  const [result] = record.results.values();
  const [blob] = result?.attestations ?? [];
  expect(blob?.mediaType).toBe('application/vnd.in-toto+json');
  expect(blob?.annotations.get('in-toto.io/predicate-type')).toMatch(/slsa\.dev\/provenance/);
  const predicate = json(await buffer(readBlob(on.connection, blob?.digest ?? '')));
  expect(Object.keys(predicate)).toContain(predicate['buildType'] === undefined ? 'buildDefinition' : 'buildType');
  expect(result?.exported.size).toBe(1);
});

test('pinned, let go, written to the end, deleted', async (context) => {
  await skipUnless(context, 'llb:source.policy', 'history of builds');
  const on = await OnEngine.open();
  const build = on.start(mkfile('/a', on.mark));
  await build.done;
  await ended(on, build.ref);
  const pinned = async (): Promise<boolean | undefined> => (await records(on, { ref: build.ref }))[0]?.pinned;
  await updateBuildHistory(on.connection, build.ref, { pinned: true });
  expect(await pinned()).toBe(true);
  await updateBuildHistory(on.connection, build.ref, { pinned: false });
  expect(await pinned()).toBe(false);
  await updateBuildHistory(on.connection, build.ref, 'finalize');
  await updateBuildHistory(on.connection, build.ref, 'delete');
  expect((await records(on, {})).map(({ ref }) => ref)).not.toContain(build.ref);
});

test('an engine without a history says so', async () => {
  const on = await OnEngine.open();
  const listing = records(on, {});
  if (on.caps.llb.has('source.policy')) expect(Array.isArray(await listing)).toBe(true);
  else await expect(listing).rejects.toMatchObject({ code: 'UNIMPLEMENTED' });
});

test('a filter and a limit: the newest first', async (context) => {
  await skipUnless(context, 'llb:source.policy', 'history of builds');
  const on = await OnEngine.open();
  const refs: string[] = [];
  for (const code of [0, 3, 3, 3]) {
    const build = on.start(shell(`: ${on.mark}${refs.length}; exit ${code}`));
    await build.done.catch(() => undefined);
    await ended(on, build.ref);
    refs.push(build.ref);
  }
  const mine = ({ ref }: HistoryRecord): boolean => refs.includes(ref);
  const failed = await records(on, { filter: (record) => mine(record) && record.status === 'failed', limit: 2 });
  expect(failed.map(({ ref }) => ref)).toEqual([refs[3], refs[2]]);
  expect((await records(on, { filter: mine })).map(({ status }) => status).sort()).toEqual([
    ...['completed', 'failed', 'failed', 'failed'],
  ]);
});

test('what asks the engine for its capabilities is in no history', async (context) => {
  await skipUnless(context, 'llb:source.policy', 'history of builds');
  const on = await OnEngine.open();
  const refs = async (): Promise<readonly string[]> => (await records(on, {})).map(({ ref }) => ref);
  const before = new Set(await refs());
  const again = await OnEngine.open();
  expect(again.connection).not.toBe(on.connection);
  expect((await refs()).filter((ref) => !before.has(ref))).toEqual([]);
});
