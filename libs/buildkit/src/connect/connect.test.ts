import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { FakeEngine, type FakeOptions } from '../fixtures/fake-engine.js';
import { connect, connectFirst } from './connect.js';
import { ConnectError } from './connect-error.js';
import type { Connection } from './connection.js';

const engines: FakeEngine[] = [];
const connections: Connection[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  for (const engine of engines.splice(0)) await engine.close();
});

async function fake(options: FakeOptions): Promise<FakeEngine> {
  const engine = await FakeEngine.start(options);
  engines.push(engine);
  return engine;
}

async function open(...args: Parameters<typeof connect>): Promise<Connection> {
  const connection = await connect(...args);
  connections.push(connection);
  return connection;
}

async function refusal(promise: Promise<unknown>): Promise<ConnectError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectError)) throw new Error(`no ConnectError: ${String(error)}`);
  return error;
}

describe.each(['buildkit', 'docker', 'either'] as const)('whatever is expected (%s)', (expected) => {
  test('a stand-alone buildkitd', async () => {
    const engine = await fake({ speaks: 'direct' });
    expect(await open(engine.address, { expect: expected })).toMatchObject({ kind: 'buildkit', via: 'direct' });
  });

  test("Docker's upgrade", async () => {
    const engine = await fake({ speaks: 'upgrade' });
    const connection = await open(engine.address, { expect: expected });
    expect(connection).toMatchObject({ kind: 'docker', via: 'upgrade' });
    expect(connection.workers.map((worker) => worker.ID)).toEqual(['w']);
  });

  test("Docker's socket with HTTP/2", async () => {
    const engine = await fake({ speaks: 'both' });
    expect(await open(engine.address, { expect: expected })).toMatchObject({ kind: 'docker', via: 'direct' });
  });
});

test('the way that answered is taken first the next time', async () => {
  const engine = await fake({ speaks: 'upgrade' });
  await open(engine.address);
  expect(engine.requests).toHaveLength(2); // the preface of HTTP/2, and the upgrade
  await open(engine.address);
  expect(engine.requests).toHaveLength(3);
});

test("a session over Docker's upgrade has a socket of its own, with the headers of HTTP", async () => {
  const engine = await fake({ speaks: 'upgrade' });
  const connection = await open(engine.address, { expect: 'docker' });
  const stream = await connection.openSessionStream([
    ['X-Docker-Expose-Session-Uuid', 'id'],
    ['X-Docker-Expose-Session-Grpc-Method', '/a'],
    ['X-Docker-Expose-Session-Grpc-Method', '/b'],
  ]);
  expect(engine.requests.at(-1)).toMatch(/^POST \/session HTTP\/1.1\r\n/);
  expect(engine.requests.at(-1)).toContain(
    'X-Docker-Expose-Session-Grpc-Method: /a\r\nX-Docker-Expose-Session-Grpc-Method: /b',
  );
  engine.sessions[0]?.write('ping');
  for await (const chunk of stream) {
    expect(chunk.toString()).toBe('ping');
    break;
  }
});

test('closing a connection closes its session streams', async () => {
  const engine = await fake({ speaks: 'upgrade' });
  const connection = await connect(engine.address, { expect: 'docker' });
  const stream = await connection.openSessionStream([]);
  await connection.close();
  expect(stream.destroyed).toBe(true);
  expect(await connection.closed).toBeUndefined();
});

test('an engine that dies is told', async () => {
  const engine = await fake({ speaks: 'direct' });
  const connection = await open(engine.address);
  engine.drop();
  expect(await connection.closed).toMatchObject({ lost: true });
});

describe('refusals', () => {
  test('no socket', async () => {
    expect(await refusal(connect('unix:///nowhere/engine.sock'))).toMatchObject({ code: 'no-socket' });
  });

  test('a socket at which nobody listens, and a file that is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'connect-'));
    const path = join(folder, 'a.sock');
    const script = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
    spawnSync(process.execPath, ['-e', script, path]);
    expect(await refusal(connect(`unix://${path}`))).toMatchObject({ code: 'refused' });
    writeFileSync(join(folder, 'file'), '');
    expect(await refusal(connect(`unix://${join(folder, 'file')}`))).toMatchObject({ code: 'refused' });
    expect(await refusal(connect(`unix://${join(folder, 'file', 'below')}`))).toMatchObject({ code: 'no-socket' });
    rmSync(folder, { recursive: true });
  });

  test('nothing behind a port', async () => {
    expect(await refusal(connect('tcp://127.0.0.1:1'))).toMatchObject({ code: 'refused' });
  });

  test('an unknown host', async () => {
    expect(await refusal(connect('tcp://engine.invalid:1'))).toMatchObject({ code: 'unreachable' });
  });

  test('gRPC that is not BuildKit', async () => {
    const engine = await fake({ speaks: 'direct' });
    engine.handlers.clear();
    expect(await refusal(connect(engine.address))).toMatchObject({
      code: 'not-buildkit',
      message: expect.stringContaining('speaks gRPC, but is not BuildKit'),
    });
  });

  test('an engine without workers', async () => {
    const engine = await fake({ speaks: 'direct' });
    engine.answer('/moby.buildkit.v1.Control/ListWorkers', () => Buffer.alloc(0));
    expect(await refusal(connect(engine.address))).toMatchObject({ message: expect.stringContaining('has no worker') });
  });

  test('an HTTP server that knows no /grpc', async () => {
    const engine = await fake({ speaks: 'upgrade', refuse: { status: 404, body: 'page not found' } });
    expect(await refusal(connect(engine.address))).toMatchObject({ code: 'too-old' });
  });

  test('Docker that wants TLS', async () => {
    const engine = await fake({
      speaks: 'upgrade',
      refuse: { status: 400, body: 'Client sent an HTTP request to an HTTPS server.' },
    });
    expect(await refusal(connect(engine.address, { expect: 'docker' }))).toMatchObject({ code: 'tls' });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['closes at once', (socket) => socket.destroy()],
    ['speaks something else', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
    ['sends garbage without end', flood],
    ['is a web server', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')],
    ['refuses', (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\nnot for you')],
  ])('a server that %s', async (_name, accept) => {
    const port = await portOf(accept);
    expect(await refusal(connect(`tcp://127.0.0.1:${port}`))).toMatchObject({ code: 'not-buildkit' });
  });

  test('a web server with HTTP/2', async () => {
    const page = http2.createServer((_request, response) => response.end('<html>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void page.close());
    expect(await refusal(connect(`tcp://127.0.0.1:${portIn(page)}`))).toMatchObject({ code: 'not-buildkit' });
  });

  test('a server that says nothing, for as long as the caller allows', async () => {
    const port = await portOf(() => undefined);
    const error = await refusal(connect(`tcp://127.0.0.1:${port}`, { timeout: 1 }));
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('did not answer') });
    await expect(
      connect(`tcp://127.0.0.1:${port}`, { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });

  test('an engine that takes the connection and never answers a call', async () => {
    const engine = await fake({ speaks: 'direct' });
    const asked = new AbortController();
    engine.handlers.set('/moby.buildkit.v1.Control/ListWorkers', () => asked.abort(new Error('enough')));
    await expect(connect(engine.address, { signal: asked.signal })).rejects.toThrow('enough');
  });

  test('a socket that this user may not use', async () => {
    const engine = await fake({ speaks: 'direct' });
    chmodSync(engine.path, 0);
    // Root may use all; as somebody else it may not.
    const root = process.geteuid?.() === 0;
    if (root) {
      chmodSync(dirname(engine.path), 0o755);
      process.seteuid?.(65_534);
    }
    const refused = refusal(connect(engine.address));
    if (root) process.seteuid?.(0);
    expect(await refused).toMatchObject({ code: 'not-permitted', help: expect.stringContaining('group') });
  });
});

/** Random bytes for as long as somebody reads them. */
function flood(socket: Socket): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(randomBytes(65_536)));
  };
  socket.on('drain', more);
  more();
}

/** The port of a server that does this with each connection. */
async function portOf(accept: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    accept(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portIn(server);
}

function portIn(server: Server | http2.Http2Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the first of several', () => {
  const candidate = { origin: 'a usual socket', chosen: false, expect: 'either' } as const;

  test('those that do not answer are passed over', async () => {
    const engine = await fake({ speaks: 'direct' });
    const connection = await connectFirst([
      { ...candidate, address: 'unix:///nowhere/a.sock' },
      { ...candidate, address: engine.address },
    ]);
    connections.push(connection);
    expect(connection.address).toBe(engine.address);
  });

  test('one that somebody chose is the only one, and its origin is named', async () => {
    const error = await refusal(
      connectFirst([{ ...candidate, origin: 'BUILDKIT_HOST', chosen: true, address: 'unix:///nowhere/a.sock' }]),
    );
    expect(error).toMatchObject({ code: 'no-socket', message: expect.stringContaining('BUILDKIT_HOST') });
  });

  test('none', async () => {
    expect(await refusal(connectFirst([]))).toMatchObject({ code: 'no-engine' });
    const error = await refusal(connectFirst([{ ...candidate, address: 'unix:///nowhere/a.sock' }]));
    expect(error).toMatchObject({ code: 'no-engine', message: expect.stringContaining('/nowhere/a.sock') });
  });
});
