import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContentService } from '@hlb/proto/content';
import { BuildHistoryEvent, BuildHistoryRecord, ControlService, StatusResponse, UsageRecord } from '@hlb/proto/control';
import { ExecMessage, SolveResponse as GatewaySolveResponse, LLBBridgeService } from '@hlb/proto/gateway';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FakeConnection, openFakeConnection } from './fixtures/fake-connection.js';
import { type FakeCall, FakeEngine } from './fixtures/fake-engine.js';
import {
  buildHistory,
  type Connection,
  connect,
  diskUsage,
  engineCapabilities,
  engineVersion,
  fetchImageManifest,
  historyError,
  historyUpdates,
  listWorkers,
  openGateway,
  openSession,
  prune,
  readBlob,
  solve,
  updateBuildHistory,
} from './index.js';
import { handles, settledHandles } from './session/fixtures/handles.js';
import { turnsUntil } from './session/fixtures/turns-until.js';

/*
 * Every operation of the public face, given up by its signal at any point of it, or ended by itself: the engine has no call of it any
 * more while the connection stands, and when that is closed, nothing is left.
 */

interface Place extends FakeConnection {
  readonly signal: AbortSignal;
}

type Operation = (place: Place) => Promise<unknown>;

/** Reads all. */
async function all(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

const record = BuildHistoryRecord.fromPartial({
  Ref: 'r',
  logs: { digest: 'sha256:l' },
  externalError: { digest: 'sha256:e' },
});
const historyRecord = async ({ connection, signal }: Place): ReturnType<typeof only> =>
  only(buildHistory(connection, {}, signal));

async function only(events: ReturnType<typeof buildHistory>): Promise<Parameters<typeof historyError>[1]> {
  for await (const event of events) return event.record;
  throw new Error('no record');
}

const PLACES: readonly [string, Operation][] = [
  ['a connection', async ({ engine, signal }) => (await connect(engine.address, { signal })).close()],
  [
    'a connection by a program',
    async ({ signal }) => (await connect('docker-container://builder', { signal })).close(),
  ],
  ["a connection by Docker's upgrade", (place) => withUpgrade(place, (connection) => Promise.resolve(connection))],
  [
    "a session by Docker's upgrade",
    (place) =>
      withUpgrade(place, async (connection) => {
        const session = await openSession(connection, { signal: place.signal });
        await session.close();
      }),
  ],
  [
    'a session',
    async ({ connection, signal }) => {
      const session = await openSession(connection, { signal });
      await session.close();
    },
  ],
  [
    'a build with its news',
    async ({ connection, signal }) => {
      const build = solve(connection, { frontend: 'f' }, { signal });
      await Promise.all([build.done, all(build.updates)]);
    },
  ],
  [
    'a build whose news nobody reads',
    async ({ connection, signal }) => {
      const build = solve(connection, { frontend: 'f' }, { signal });
      await build.done.finally(() => all(build.updates));
    },
  ],
  [
    'a build that asks what the engine can do',
    ({ connection, signal }) =>
      solve(connection, { frontend: 'f', enableSessionExporter: true }, { signal, progress: false }).done,
  ],
  ['what an engine can do', ({ connection, signal }) => engineCapabilities(connection, signal)],
  ['the workers', ({ connection, signal }) => listWorkers(connection, [], signal)],
  ['the version', ({ connection, signal }) => engineVersion(connection, signal)],
  ['disk usage', ({ connection, signal }) => diskUsage(connection, {}, signal)],
  ['pruning', ({ connection, signal }) => all(prune(connection, {}, signal))],
  ['the history', ({ connection, signal }) => all(buildHistory(connection, { follow: true }, signal))],
  [
    'the news of the history',
    async (place) => all(historyUpdates(place.connection, await historyRecord(place), place.signal)),
  ],
  [
    'an error of the history',
    async (place) => historyError(place.connection, await historyRecord(place), place.signal),
  ],
  ['a change of the history', ({ connection, signal }) => updateBuildHistory(connection, 'r', 'delete', signal)],
  ['a blob', ({ connection, signal }) => all(readBlob(connection, 'sha256:b', signal))],
  [
    'a gateway with all that runs in it, given up as a whole',
    ({ connection, signal }) => gatewayWork(connection, signal, undefined),
  ],
  [
    'a process that does not end, whose build is given up',
    ({ connection, signal }) => gatewayWork(connection, signal, undefined, ENDLESS),
  ],
  ['a gateway, each call given up', ({ connection, signal }) => gatewayWork(connection, undefined, signal)],
  [
    'a registry that does not answer',
    ({ signal }) => fetchImageManifest('127.0.0.1:9/x', { os: 'linux', architecture: 'amd64' }, { signal }),
  ],
];

async function withUpgrade({ signal }: Place, use: (connection: Connection) => Promise<unknown>): Promise<void> {
  const engine = await FakeEngine.start({ speaks: 'upgrade' });
  try {
    const connection = await connect(engine.address, { expect: 'docker', signal });
    await use(connection).finally(() => connection.close());
  } finally {
    await engine.close();
  }
}

/** The command of a process that runs until it is given up. */
const ENDLESS = 'endless';

async function gatewayWork(
  connection: Connection,
  whole: AbortSignal | undefined,
  each: AbortSignal | undefined,
  command = 'x',
): Promise<void> {
  const gateway = await openGateway(connection, {}, { signal: whole });
  try {
    await gateway.solve({ frontend: 'f' }, each);
    const container = await gateway.newContainer({ mounts: [{ kind: 'result', path: '/', resultId: 'x' }] }, each);
    const process = await container.start({ args: [command], stdin: true }, each);
    process.stdin?.on('error', () => undefined).write(Buffer.alloc(1_000_000));
    process.stderr?.resume();
    await Promise.all([process.exit, all(process.stdout)]);
    await container.release(each);
    await gateway.return(undefined, each);
  } finally {
    if (each?.aborted === true) gateway.cancel();
    await gateway.close();
  }
}

/** Sends a message again and again, turn by turn, and ends after so many of them. */
function repeat(engine: FakeEngine, path: string, message: Uint8Array, times = 12): void {
  engine.handlers.set(path, async (call) => {
    for (let sent = 0; sent < times && !call.stream.destroyed; sent += 1) {
      call.send(message);
      await turnsPass(1);
    }
    call.end();
  });
}

/** Answers a method of one message each way after some turns. */
function later(engine: FakeEngine, path: string, message: Uint8Array, turns = 5): void {
  engine.handlers.set(path, async (call) => {
    await turnsPass(turns);
    call.send(message);
    call.end();
  });
}

function answerAll(engine: FakeEngine): void {
  engine.announce({ llb: ['exporter.session'], gateway: ['gateway.exec'] });
  repeat(engine, ControlService.status.path, StatusResponse.encode(StatusResponse.fromPartial({})).finish());
  repeat(engine, ControlService.prune.path, UsageRecord.encode(UsageRecord.fromPartial({ ID: 'x' })).finish());
  repeat(engine, ControlService.listenBuildHistory.path, BuildHistoryEvent.encode({ type: 1, record }).finish());
  // Frames without anything, and for an error a status without anything.
  repeat(
    engine,
    ContentService.read.path,
    ContentService.read.responseSerialize({ offset: 0n, data: Buffer.alloc(4) }),
  );
  later(engine, ControlService.diskUsage.path, Buffer.alloc(0));
  later(engine, ControlService.info.path, Buffer.alloc(0));
  later(engine, ControlService.updateBuildHistory.path, Buffer.alloc(0));
  const solved = GatewaySolveResponse.fromPartial({ result: { result: { $case: 'ref', value: { id: 'x' } } } });
  later(engine, LLBBridgeService.solve.path, GatewaySolveResponse.encode(solved).finish());
  later(engine, LLBBridgeService.newContainer.path, Buffer.alloc(0));
  later(engine, LLBBridgeService.releaseContainer.path, Buffer.alloc(0));
  engine.handlers.set(LLBBridgeService.execProcess.path, runProcess);
  engine.handlers.set(ControlService.session.path, (call) => call.send(Buffer.alloc(0)));
}

/** A process that writes and then ends, if it does. */
async function runProcess(call: FakeCall): Promise<void> {
  const send = (input: ExecMessage['Input']): void =>
    call.send(ExecMessage.encode({ ProcessID: '1', Input: input }).finish());
  let isEndless = false;
  for await (const message of call.messages) {
    const { Input } = ExecMessage.decode(message);
    if (Input?.$case !== 'Init') continue;
    isEndless = Input.value.Meta?.args[0] === ENDLESS;
    void write();
  }

  async function write(): Promise<void> {
    send({ $case: 'Started', value: {} });
    for (let sent = 0; (isEndless || sent < 12) && !call.stream.destroyed; sent += 1) {
      send({ $case: 'File', value: { Fd: 1, EOF: false, Data: Buffer.alloc(sent < 12 ? 50_000 : 1) } });
      await turnsPass(1);
    }
    send({ $case: 'Exit', value: { Code: 0, Error: undefined } });
    send({ $case: 'Done', value: {} });
    call.end();
  }
}

/** A `docker` that leads to the engine. */
function program(folder: string, socket: string): void {
  const script = `const s = require('node:net').connect(${JSON.stringify(socket)}); process.stdin.pipe(s).pipe(process.stdout);`;
  writeFileSync(join(folder, 'dial.cjs'), script);
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\nexec ${process.execPath} ${join(folder, 'dial.cjs')}\n`);
  chmodSync(join(folder, 'docker'), 0o755);
}

async function turnsPass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

interface Outcome {
  readonly running: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Runs an operation and gives it up after so many turns of the event loop; what becomes of it does not matter. */
async function givenUp(operation: Operation, turns: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'giving-up-'));
  const path = process.env['PATH'];
  const before = handles();
  const fake = await openFakeConnection();
  const { engine, connection } = fake;
  answerAll(engine);
  program(folder, engine.path);
  process.env['PATH'] = `${folder}:${path}`;
  const stop = new AbortController();
  const running = operation({ engine, connection, signal: stop.signal }).catch((error: unknown) => error);
  await turnsPass(turns);
  stop.abort(new Error('enough'));
  await running;
  await turnsUntil(() => engine.running === 0);
  const left = engine.running;
  expect(connection.channel.alive).toBe(true);
  await fake.close();
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
  return { running: left, before, after: await settledHandles(before) };
}

test.each(PLACES)('%s, given up anywhere, leaves nothing behind', async (_name, operation) => {
  await givenUp(operation, 0); // what is loaded or opened once
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.nat(20), fc.nat(150), fc.constant(3_000)), async (turns) => {
      const { running, before, after } = await givenUp(operation, turns);
      expect(after).toEqual(before);
      expect(running).toBe(0);
    }),
    { numRuns: 12 },
  );
});
