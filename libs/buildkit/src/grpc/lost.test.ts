import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../connect/connect.js';
import { listWorkers } from '../control/engine.js';
import { solve } from '../control/solve.js';
import { CommandStream } from '../dial/command-stream.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { bytesMethod, FakeEngine } from '../fixtures/fake-engine.js';
import { turnsUntil } from '../session/fixtures/turns-until.js';
import { GrpcChannel } from './channel.js';

/* A connection that is gone tells why to each call that comes afterwards, to whom nothing else would tell it. */

const method = bytesMethod('/test.Service/Method');
const health = '/grpc.health.v1.Health/Check';
const nothing = Buffer.alloc(0);

async function engineAt(tcp: boolean): Promise<FakeEngine> {
  const engine = await FakeEngine.start({ speaks: 'direct', tcp });
  onTestFinished(() => engine.close());
  return engine;
}

async function channelOver(stream: Parameters<typeof GrpcChannel.open>[0]): Promise<GrpcChannel> {
  const channel = await GrpcChannel.open(stream);
  onTestFinished(() => channel.close());
  return channel;
}

async function failure(call: () => Promise<unknown>): Promise<BuildkitError> {
  // Also what is thrown at once is told by the promise.
  const error: unknown = await Promise.resolve()
    .then(call)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof BuildkitError)) throw new Error(`no BuildkitError: ${String(error)}`);
  return error;
}

/** What every caller after the end is told, in each of the forms of a call. */
async function tellsEach(channel: GrpcChannel, told: object): Promise<void> {
  const calls: (() => Promise<unknown>)[] = [
    () => channel.unary(method, nothing),
    async () => channel.call(method),
    async () => channel.serverStream(method, nothing),
    () => channel.headersOf('/_ping'),
  ];
  for (const call of [...calls, ...calls]) expect(await failure(call)).toMatchObject(told);
  expect(await channel.closed).toMatchObject(told);
}

const LOST = { name: 'BuildkitError', code: 'UNAVAILABLE', lost: true } as const;

/** What is told of an end without a word. */
const CLOSED = {
  ...LOST,
  message: 'the connection to the engine was lost: the engine closed it',
  cause: { message: 'the engine closed it' },
} as const;

// Node's HTTP/2 keeps to itself which of them it was.
test.each<[string, (socket: Socket) => void]>([
  ['reset', (socket) => void socket.resetAndDestroy()],
  ['closed', (socket) => void socket.destroy()],
  ['half closed', (socket) => void socket.end()],
])('one that was %s by the other side while nobody waited', async (_name, cut) => {
  const engine = await engineAt(true);
  const channel = await channelOver(connectSocket(Number(new URL(engine.address).port), '127.0.0.1'));
  for (const socket of engine.sockets) cut(socket);
  await channel.closed;
  await tellsEach(channel, CLOSED);
});

test('one on which the engine said that it goes away', async () => {
  const engine = await engineAt(false);
  const channel = await channelOver(connectSocket(engine.path));
  engine.goAway(11);
  await channel.closed;
  await tellsEach(channel, { ...LOST, cause: { message: expect.stringContaining('going away (HTTP/2 error 11)') } });
});

test('one over a program that ended: in its own words', async () => {
  const engine = await engineAt(false);
  const script = `
    const socket = require('node:net').connect(${JSON.stringify(engine.path)});
    socket.on('error', () => undefined); // a reset, where something was not read yet
    process.stdin.pipe(socket).pipe(process.stdout);
    socket.on('close', () => { console.error('Connection to there closed by remote host.'); process.exitCode = 255; process.stdin.unref(); });
  `;
  const channel = await channelOver(await CommandStream.start([process.execPath, '-e', script]));
  for (const socket of engine.sockets) socket.destroy();
  await channel.closed;
  await tellsEach(channel, {
    ...LOST,
    message: expect.stringContaining('Connection to there closed by remote host.'),
    cause: { name: 'ConnectError', code: 'command-failed' },
  });
});

/** A connection that swallows all from some moment on, as a network does of which the other end has vanished. */
async function swallowing(engine: FakeEngine): Promise<{ readonly channel: GrpcChannel; swallow(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const to = connectSocket(engine.path);
    sockets.push(
      socket.on('error', () => undefined),
      to.on('error', () => undefined),
    );
    socket.pipe(to).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const channel = await channelOver(connectSocket(port, '127.0.0.1'));
  return {
    channel,
    swallow: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
  };
}

test('one that fell silent while nobody waited: the next call finds it out, and those after it are told at once', async () => {
  const engine = await engineAt(false);
  const { channel, swallow } = await swallowing(engine);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  engine.answer(method.path, () => Buffer.from('once'));
  expect(String(await channel.unary(method, nothing))).toBe('once');
  await turnsUntil(() => vi.getTimerCount() === 0);
  swallow();
  expect(channel.alive).toBe(true);

  const waiting = failure(() => channel.unary(method, nothing));
  await turnsUntil(() => vi.getTimerCount() === 1);
  vi.advanceTimersByTime(3_000);
  vi.advanceTimersByTime(12_000);
  const told = {
    ...LOST,
    message: 'the connection to the engine was lost: the engine does not answer any more',
    cause: { message: 'the engine does not answer any more' },
  };
  expect(await waiting).toMatchObject(told);
  expect(engine.calls).toEqual([method.path]);
  await tellsEach(channel, told);
  expect(channel.fellSilent).toBe(true);
  expect(engine.calls).not.toContain(health);
});

test('the whole connection tells it too, and stays lost when it is closed', async () => {
  const engine = await engineAt(false);
  const connection = await connect(engine.address);
  for (const socket of engine.sockets) socket.destroy();
  expect(await connection.closed).toMatchObject(CLOSED);
  await expect(connection.openSessionStream([])).rejects.toMatchObject(CLOSED);
  await expect(solve(connection, { frontend: 'f' }).done).rejects.toMatchObject(CLOSED);
  await expect(listWorkers(connection)).rejects.toMatchObject(CLOSED);
  await connection.close();
  await tellsEach(connection.channel, CLOSED);
});
