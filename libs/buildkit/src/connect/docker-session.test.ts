import { once } from 'node:events';
import { BytesMessage, ControlService } from '@hlb/proto/control';
import { expect, onTestFinished, test } from 'vitest';
import { FakeEngine, type FakeOptions } from '../fixtures/fake-engine.js';
import { openSession } from '../session/session.js';
import { connect } from './connect.js';
import type { Connection } from './connection.js';

/* A daemon, or what stands before it and says who may do what, can refuse each of the two paths that a build needs of Docker's socket. */

const FORBIDDEN = { status: 403, body: '{"message":"authorization denied by plugin"}' } as const;

async function docker(refuse?: FakeOptions['refuse']): Promise<FakeEngine> {
  const engine = await FakeEngine.start({ speaks: 'upgrade', ...(refuse === undefined ? {} : { refuse }) });
  onTestFinished(() => engine.close());
  return engine;
}

async function open(engine: FakeEngine): Promise<Connection> {
  const connection = await connect(engine.address, { expect: 'docker' });
  onTestFinished(() => connection.close());
  return connection;
}

const asked = (engine: FakeEngine, path: string): number =>
  engine.requests.filter((head) => head.startsWith(`POST ${path} `)).length;

const session = ControlService.session.path;

test.each([403, 404, 500])('a daemon that refuses /session alone (%i) carries sessions over gRPC', async (status) => {
  const engine = await docker({ status, body: 'no', path: '/session' });
  engine.handlers.set(session, async (call) => {
    for await (const message of call.messages) call.send(message);
    call.end();
  });
  const connection = await open(engine);
  expect(connection).toMatchObject({ kind: 'docker', via: 'upgrade' });
  for (const text of ['first', 'second']) {
    const stream = await connection.openSessionStream([['X-Docker-Expose-Session-Uuid', text]]);
    stream.end(text);
    const [echoed] = await once(stream, 'data');
    expect(String(echoed)).toBe(text);
  }
  // It was asked once, and believed.
  expect([asked(engine, '/session'), engine.calls.filter((path) => path === session).length]).toEqual([1, 2]);
  expect(engine.sockets.size).toBe(1);
});

test('one that takes no session over gRPC either says why twice, and stays connected', async () => {
  const engine = await docker({ ...FORBIDDEN, path: '/session' });
  engine.handlers.set(session, (call) => call.end({ code: 7, message: 'sessions are not for you' }));
  const connection = await open(engine);
  const opened = await openSession(connection);
  expect(await opened.closed).toMatchObject({
    name: 'BuildkitError',
    code: 'PERMISSION_DENIED',
    lost: false,
    message:
      'the engine opens no session, neither by HTTP (HTTP status 403: {"message":"authorization denied by plugin"})' +
      ' nor over gRPC (sessions are not for you)',
    cause: { message: 'sessions are not for you' },
  });
  expect(connection.channel.alive).toBe(true);
  await opened.close();
});

test('a session that breaks later tells of that alone', async () => {
  const engine = await docker({ ...FORBIDDEN, path: '/session' });
  engine.handlers.set(session, (call) => {
    call.send(BytesMessage.encode({ data: Buffer.from('x') }).finish());
    call.end({ code: 13, message: 'out of memory' });
  });
  const stream = await (await open(engine)).openSessionStream([]);
  stream.resume();
  const [error] = await once(stream, 'error');
  expect(error).toMatchObject({ code: 'INTERNAL', message: 'out of memory' });
});

test('a session that we close while it is refused, and one whose connection is lost, are no refusals', async () => {
  const engine = await docker({ ...FORBIDDEN, path: '/session' });
  engine.handlers.set(session, () => engine.drop());
  const connection = await open(engine);
  const [error] = await once(await connection.openSessionStream([]), 'error');
  expect(error).toMatchObject({ code: 'UNAVAILABLE', lost: true });
});

test.each([
  [FORBIDDEN, 'not-buildkit', 'is no Docker Engine with BuildKit (HTTP status 403: {"message":"authorization denied'],
  [{ status: 404, body: '{"message":"page not found"}' }, 'too-old', 'knows no /grpc'],
] as const)('a daemon that refuses both can not be connected to, and says why: %j', async (refuse, code, message) => {
  const engine = await docker(refuse);
  const error: unknown = await connect(engine.address, { expect: 'docker' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: 'ConnectError',
    code,
    message: expect.stringContaining(message),
    cause: { name: 'UpgradeRefused', status: refuse.status },
  });
  // Both ways were tried, and no socket is left.
  expect([asked(engine, '/grpc'), asked(engine, '/session'), engine.requests.length]).toEqual([1, 0, 2]);
  await expect.poll(() => engine.sockets.size).toBe(0);
});

test('one that refuses /grpc alone is no engine either: nothing else could be asked of it', async () => {
  const engine = await docker({ ...FORBIDDEN, path: '/grpc' });
  await expect(connect(engine.address, { expect: 'docker' })).rejects.toMatchObject({
    code: 'not-buildkit',
    message: expect.stringContaining('authorization denied by plugin'),
  });
  expect(asked(engine, '/session')).toBe(0);
});
