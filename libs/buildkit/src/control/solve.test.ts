import { BuildHistoryEventType, BuildHistoryRecord, ControlService, type StatusResponse } from '@hlb/proto/control';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { solve } from './solve.js';
import { newRef, startSolve } from './start-solve.js';
import type { StatusUpdate } from './status.js';

let engine: FakeEngine;
let connection: Connection;

beforeEach(async () => {
  engine = await FakeEngine.start();
  connection = await connect(engine.address);
});

afterEach(async () => {
  await connection.close();
  await engine.close();
});

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
  engine.handlers.set(ControlService.status.path, (call) => {
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
  engine.on(ControlService.solve, (request) => {
    end();
    return { ExporterResponse: new Map([['ref', request.Ref]]) };
  });
  const build = solve(connection, {});
  expect(await build.done).toEqual(new Map([['ref', build.ref]]));
  const updates = await all(build.updates);
  expect(updates[0]?.vertices).toEqual([
    { digest: 'd', inputs: [], name: 'n', cached: false, error: '', started: 1_700_000_000_000.5 },
  ]);
  expect(updates[1]?.logs).toEqual([{ vertex: 'd', time: 2000, stream: 'stderr', data: Buffer.from('x') }]);
  expect(engine.calls.slice(1)).toEqual(['/_ping', ControlService.status.path, ControlService.solve.path]);
});

test('warnings that the engine repeats are told once', async () => {
  const warning = { vertex: 'd', level: 1n, short: Buffer.from('w'), detail: [], url: '', info: undefined, ranges: [] };
  const other = { ...warning, short: Buffer.from('other') };
  const end = news({ warnings: [warning] }, { warnings: [warning, other] }, { warnings: [warning, other] });
  engine.on(ControlService.solve, () => {
    end();
    return { ExporterResponse: new Map() };
  });
  const updates = await all(solve(connection, {}).updates);
  expect(updates.flatMap(({ warnings }) => warnings.map(({ message }) => message))).toEqual(['w', 'other']);
});

test('a build that is refused ends its news at once, though the engine would wait for it to appear', async () => {
  news();
  engine.handlers.set(ControlService.solve.path, (call) => call.end({ code: 6, message: 'job ID x exists' }));
  const build = solve(connection, {});
  await expect(build.done).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  expect(await all(build.updates)).toEqual([]);
});

test('what the engine says of a failed build is told to its end', async () => {
  const end = news({ vertexes: [vertex] }, { vertexes: [{ ...vertex, error: 'broken' }] });
  engine.handlers.set(ControlService.solve.path, (call) => {
    call.end({ code: 2, message: 'broken' });
    end();
  });
  const build = solve(connection, {});
  await expect(build.done).rejects.toBeInstanceOf(BuildkitError);
  expect((await all(build.updates)).map(({ vertices }) => vertices[0]?.error)).toEqual(['', 'broken']);
});

test('aborting cancels both calls on the engine', async () => {
  const controller = new AbortController();
  const closed: Promise<number>[] = [];
  for (const { path } of [ControlService.status, ControlService.solve]) {
    engine.handlers.set(path, (call) => {
      closed.push(new Promise((resolve) => call.stream.on('close', () => resolve(call.stream.rstCode ?? -1))));
      if (closed.length === 2) controller.abort(new Error('enough'));
    });
  }
  const build = solve(connection, {}, { signal: controller.signal });
  await expect(build.done).rejects.toThrow('enough');
  expect(await all(build.updates)).toEqual([]);
  expect(await Promise.all(closed)).toEqual([8, 8]);
});

test('a lost connection fails the build and its news', async () => {
  news({ vertexes: [vertex] });
  engine.handlers.set(ControlService.solve.path, () => engine.drop());
  const build = solve(connection, {});
  await expect(build.done).rejects.toMatchObject({ lost: true });
  await expect(all(build.updates)).rejects.toMatchObject({ lost: true });
});

test('an error that is too long for a header is taken from the history', async () => {
  news();
  engine.handlers.set(ControlService.solve.path, (call) => call.stream.close(11));
  engine.handlers.set(ControlService.listenBuildHistory.path, async (call) => {
    for await (const message of call.messages) {
      const { Ref } = ControlService.listenBuildHistory.requestDeserialize(message);
      const error = { code: 5, message: 'the whole story', details: [] };
      const record = BuildHistoryRecord.fromPartial({ Ref, error });
      call.send(ControlService.listenBuildHistory.responseSerialize({ type: BuildHistoryEventType.COMPLETE, record }));
    }
    call.end();
  });
  await expect(solve(connection, {}).done).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'the whole story' });
});

test('where there is no history, what is known is told', async () => {
  news();
  engine.handlers.set(ControlService.solve.path, (call) => call.stream.close(11));
  await expect(solve(connection, {}).done).rejects.toMatchObject({ code: 'INTERNAL', brokenOff: true });
});

test('without progress nobody asks for it', async () => {
  engine.on(ControlService.solve, () => ({ ExporterResponse: new Map() }));
  const build = solve(connection, {}, { progress: false });
  await build.done;
  expect(await all(build.updates)).toEqual([]);
  expect(engine.calls).not.toContain(ControlService.status.path);
});

test('every field of the request arrives', async () => {
  let seen: unknown;
  engine.on(ControlService.solve, (request) => {
    seen = request;
    return { ExporterResponse: new Map() };
  });
  await startSolve(
    connection,
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
    SourcePolicySession: 'p',
    EnableSessionExporter: true,
    CompatibilityVersion: 20n,
    ProxyNetwork: true,
  });
});

test('ids are of 25 characters of base 36', () => {
  for (let count = 0; count < 50; count += 1) expect(newRef()).toMatch(/^[0-9a-z]{25}$/);
});
