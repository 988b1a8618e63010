import { marshal } from '@hlb/llb';
import { BuildHistoryEventType, BuildHistoryRecord, ControlService, type StatusResponse } from '@hlb/proto/control';
import { LLBBridgeService } from '@hlb/proto/gateway';
import { PolicyAction } from '@hlb/proto/sourcepolicy';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../connect/connect.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { fakeConnection } from '../fixtures/fake-connection.js';
import { solve } from './solve.js';
import { sourcePolicy } from './source-policy.js';
import { newRef, startSolve } from './start-solve.js';
import type { StatusUpdate } from './status.js';

const fake = fakeConnection();

const nothing: StatusResponse = { vertexes: [], statuses: [], logs: [], warnings: [] };
const vertex = {
  digest: 'd',
  inputs: [],
  name: 'n',
  cached: false,
  started: { seconds: 1_700_000_000n, nanos: 500_000 },
  completed: undefined,
  error: '',
  progressGroup: undefined,
};

/** Sends these answers to `Status`, and waits with the end of it for the solve's. */
function news(...responses: readonly Partial<StatusResponse>[]): () => void {
  let end: () => void = () => undefined;
  fake.engine.handlers.set(ControlService.status.path, (call) => {
    for (const response of responses) {
      call.send(ControlService.status.responseSerialize({ ...nothing, ...response }));
    }
    end = () => call.end();
  });
  return () => end();
}

async function all(updates: AsyncIterable<StatusUpdate>): Promise<StatusUpdate[]> {
  const list: StatusUpdate[] = [];
  for await (const update of updates) list.push(update);
  return list;
}

test('the status is asked for first; news end with the build, times in milliseconds', async () => {
  const end = news(
    { vertexes: [vertex] },
    { logs: [{ vertex: 'd', timestamp: { seconds: 2n, nanos: 0 }, stream: 2n, msg: Buffer.from('x') }] },
  );
  fake.engine.on(ControlService.solve, (request) => {
    end();
    return { ExporterResponse: new Map([['ref', request.Ref]]) };
  });
  const build = solve(fake.connection, { frontend: 'f' });
  expect(await build.done).toEqual(new Map([['ref', build.ref]]));
  const updates = await all(build.updates);
  expect(updates[0]?.vertices).toEqual([
    { digest: 'd', inputs: [], name: 'n', cached: false, error: '', started: 1_700_000_000_000.5 },
  ]);
  expect(updates[1]?.logs).toEqual([{ vertex: 'd', time: 2000, stream: 'stderr', data: Buffer.from('x') }]);
  expect(fake.engine.calls.slice(1)).toEqual(['/_ping', ControlService.status.path, ControlService.solve.path]);
});

test('warnings that the engine repeats are told once', async () => {
  const warning = { vertex: 'd', level: 1n, short: Buffer.from('w'), detail: [], url: '', info: undefined, ranges: [] };
  const other = { ...warning, short: Buffer.from('other') };
  const end = news({ warnings: [warning] }, { warnings: [warning, other] }, { warnings: [warning, other] });
  fake.engine.on(ControlService.solve, () => {
    end();
    return { ExporterResponse: new Map() };
  });
  const updates = await all(solve(fake.connection, { frontend: 'f' }).updates);
  expect(updates.flatMap(({ warnings }) => warnings.map(({ message }) => message))).toEqual(['w', 'other']);
});

test('a build that is refused ends its news at once, though the engine would wait for it to appear', async () => {
  news();
  fake.engine.handlers.set(ControlService.solve.path, (call) => call.end({ code: 6, message: 'job ID x exists' }));
  const build = solve(fake.connection, { frontend: 'f' });
  await expect(build.done).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  expect(await all(build.updates)).toEqual([]);
});

test('what the engine says of a failed build is told to its end', async () => {
  const end = news({ vertexes: [vertex] }, { vertexes: [{ ...vertex, error: 'broken' }] });
  fake.engine.handlers.set(ControlService.solve.path, (call) => {
    call.end({ code: 2, message: 'broken' });
    end();
  });
  const build = solve(fake.connection, { frontend: 'f' });
  await expect(build.done).rejects.toBeInstanceOf(BuildkitError);
  expect((await all(build.updates)).map(({ vertices }) => vertices[0]?.error)).toEqual(['', 'broken']);
});

test('aborting cancels both calls on the engine', async () => {
  const controller = new AbortController();
  const closed: Promise<number>[] = [];
  for (const { path } of [ControlService.status, ControlService.solve]) {
    fake.engine.handlers.set(path, (call) => {
      closed.push(new Promise((resolve) => call.stream.on('close', () => resolve(call.stream.rstCode ?? -1))));
      if (closed.length === 2) controller.abort(new Error('enough'));
    });
  }
  const build = solve(fake.connection, { frontend: 'f' }, { signal: controller.signal });
  await expect(build.done).rejects.toThrow('enough');
  expect(await all(build.updates)).toEqual([]);
  expect(await Promise.all(closed)).toEqual([8, 8]);
});

test('a lost connection fails the build and its news', async () => {
  news({ vertexes: [vertex] });
  fake.engine.handlers.set(ControlService.solve.path, () => fake.engine.drop());
  const build = solve(fake.connection, { frontend: 'f' });
  await expect(build.done).rejects.toMatchObject({ lost: true });
  await expect(all(build.updates)).rejects.toMatchObject({ lost: true });
});

test('an error that is too long for a header is taken from the history', async () => {
  news();
  fake.engine.handlers.set(ControlService.solve.path, (call) => call.stream.close(11));
  fake.engine.handlers.set(ControlService.listenBuildHistory.path, async (call) => {
    for await (const message of call.messages) {
      const { Ref } = ControlService.listenBuildHistory.requestDeserialize(message);
      const error = { code: 5, message: 'the whole story', details: [] };
      const record = BuildHistoryRecord.fromPartial({ Ref, error });
      call.send(ControlService.listenBuildHistory.responseSerialize({ type: BuildHistoryEventType.COMPLETE, record }));
    }
    call.end();
  });
  await expect(solve(fake.connection, { frontend: 'f' }).done).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'the whole story',
  });
});

test('where there is no history, what is known is told', async () => {
  news();
  fake.engine.handlers.set(ControlService.solve.path, (call) => call.stream.close(11));
  await expect(solve(fake.connection, { frontend: 'f' }).done).rejects.toMatchObject({
    code: 'INTERNAL',
    brokenOff: true,
  });
});

test('without progress nobody asks for it', async () => {
  fake.engine.on(ControlService.solve, () => ({ ExporterResponse: new Map() }));
  const build = solve(fake.connection, { frontend: 'f' }, { progress: false });
  await build.done;
  expect(await all(build.updates)).toEqual([]);
  expect(fake.engine.calls).not.toContain(ControlService.status.path);
});

test('every field of the request arrives', async () => {
  let seen: unknown;
  fake.engine.on(ControlService.solve, (request) => {
    seen = request;
    return { ExporterResponse: new Map() };
  });
  await startSolve(
    fake.connection,
    'r',
    {
      frontend: 'dockerfile.v0',
      frontendAttrs: new Map([['target', 't']]),
      session: 's',
      exporters: [{ type: 'local' }, { type: 'image', attrs: new Map([['name', 'n']]) }],
      cacheImports: [{ type: 'registry', attrs: new Map([['ref', 'c']]) }],
      cacheExports: [{ type: 'inline' }],
      entitlements: ['network.host'],
      internal: true,
      sourcePolicy: sourcePolicy([{ kind: 'deny', selector: { identifier: 'git://*' } }]),
      frontendInputs: new Map([['context', marshal(undefined, { platform: { os: 'linux', architecture: 'amd64' } })]]),
      sourcePolicySession: 'p',
      enableSessionExporter: true,
      compatibilityVersion: 20n,
      proxyNetwork: true,
    },
    { progress: false },
  ).done;
  expect(seen).toMatchObject({
    Ref: 'r',
    Definition: undefined,
    Frontend: 'dockerfile.v0',
    FrontendAttrs: new Map([
      ['target', 't'],
      ['cache-imports', '[{"Type":"registry","Attrs":{"ref":"c"}}]'],
    ]),
    Session: 's',
    ExporterDeprecated: 'local',
    Exporters: [
      { Type: 'local', Attrs: new Map() },
      { Type: 'image', Attrs: new Map([['name', 'n']]) },
    ],
    Cache: {
      Imports: [{ Type: 'registry', Attrs: new Map([['ref', 'c']]) }],
      Exports: [{ Type: 'inline', Attrs: new Map() }],
    },
    Entitlements: ['network.host'],
    Internal: true,
    FrontendInputs: new Map([['context', expect.objectContaining({ def: expect.any(Array) })]]),
    SourcePolicy: { version: 1n, rules: [{ action: PolicyAction.DENY, selector: { identifier: 'git://*' } }] },
    SourcePolicySession: 'p',
    EnableSessionExporter: true,
    CompatibilityVersion: 20n,
    ProxyNetwork: true,
  });
});

test('ids are of 25 characters of base 36', () => {
  for (let count = 0; count < 50; count += 1) expect(newRef()).toMatch(/^[0-9a-z]{25}$/);
});

test('a build that can not begin is told by its end, not thrown', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  const given = solve(fake.connection, { frontend: 'f' }, { signal });
  await expect(given.done).rejects.toThrow('enough');
  expect(await all(given.updates)).toEqual([]);
  await fake.connection.close();
  const late = solve(fake.connection, { frontend: 'f' });
  await expect(late.done).rejects.toMatchObject({ code: 'CANCELLED', message: 'the connection was closed' });
  expect(await all(late.updates)).toEqual([]);
});

test('aborting ends a build that still asks what its engine can do', async () => {
  const asked = new AbortController();
  fake.engine.announce({ llb: [] });
  fake.engine.handlers.set(LLBBridgeService.ping.path, () => asked.abort(new Error('enough')));
  const exporters = [{ type: 'local' }, { type: 'tar' }];
  await expect(solve(fake.connection, { frontend: 'f', exporters }, { signal: asked.signal }).done).rejects.toThrow(
    'enough',
  );
});

test('await using closes the connection', async () => {
  const connection = await connect(fake.engine.address);
  await connection[Symbol.asyncDispose]();
  expect(connection.channel.alive).toBe(false);
});

test('an engine that never ends the news of a build that has ended is not waited for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  news({ vertexes: [vertex] });
  fake.engine.on(ControlService.solve, () => ({ ExporterResponse: new Map() }));
  const build = solve(fake.connection, { frontend: 'f' });
  const updates = all(build.updates);
  await build.done;
  vi.advanceTimersByTime(5_000);
  expect(await updates).toHaveLength(1);
});
