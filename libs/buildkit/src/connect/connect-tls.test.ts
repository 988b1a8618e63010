import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { TlsFiles } from '../address/tls.js';
import { FakeEngine, type FakeOptions } from '../fixtures/fake-engine.js';
import { connect } from './connect.js';
import { ConnectError } from './connect-error.js';
import type { Connection } from './connection.js';

const engines: FakeEngine[] = [];
const connections: Connection[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  for (const engine of engines.splice(0)) await engine.close();
});

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

let folder: string;
const file = (name: string): string => join(folder, name);
const pem = (name: string): Buffer => readFileSync(file(name));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-tls-'));
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  for (const ca of ['ca', 'other']) {
    openssl('req', '-x509', ...ec, '-days', '2', '-subj', `/CN=${ca}`, '-keyout', `${ca}.key`, '-out', `${ca}.pem`);
  }
  for (const name of ['server', 'client', 'past-server', 'past-client']) {
    writeFileSync(file(`${name}.ext`), 'subjectAltName=DNS:engine.test');
    openssl('req', ...ec, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    const days = name.startsWith('past') ? '-1' : '2';
    openssl('x509', '-req', '-in', `${name}.csr`, ...authority, '-days', days, '-out', `${name}.pem`);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

async function server(speaks: FakeOptions['speaks'], more: object = {}): Promise<FakeEngine> {
  const ALPNProtocols = speaks === 'upgrade' ? ['http/1.1'] : ['h2'];
  const engine = await FakeEngine.start({
    speaks,
    tls: { cert: pem('server.pem'), key: pem('server.key'), ALPNProtocols, ...more },
  });
  engines.push(engine);
  return engine;
}

const trusted = (): { ca: string; serverName: string } => ({ ca: file('ca.pem'), serverName: 'engine.test' });

test('the engine shows who it is', async () => {
  const engine = await server('direct');
  expect(await open(engine.address, { tls: trusted() })).toMatchObject({ kind: 'buildkit', via: 'direct' });
});

test('the client too, for engines that ask for it', async () => {
  const engine = await server('direct', { requestCert: true, rejectUnauthorized: true, ca: pem('ca.pem') });
  const own = { cert: file('client.pem'), key: file('client.key') };
  expect(await open(engine.address, { tls: { ...trusted(), ...own } })).toMatchObject({ via: 'direct' });
  expect(await refusal(connect(engine.address, { tls: trusted() }))).toMatchObject({
    code: 'tls',
    message: expect.stringContaining("does not accept this client's certificate"),
  });
});

test("Docker's upgrade within TLS", async () => {
  const engine = await server('upgrade');
  expect(await open(engine.address, { tls: trusted(), expect: 'docker' })).toMatchObject({
    kind: 'docker',
    via: 'upgrade',
  });
});

test('a certificate of an unknown authority, or for another name', async () => {
  const engine = await server('direct');
  expect(await refusal(connect(engine.address, { tls: { ...trusted(), ca: file('other.pem') } }))).toMatchObject({
    code: 'tls',
    message: expect.stringContaining('signed by nobody known'),
  });
  expect(await refusal(connect(engine.address, { tls: { ca: file('ca.pem'), serverName: 'x.test' } }))).toMatchObject({
    code: 'tls',
    message: expect.stringContaining('for another name'),
  });
  expect(await open(engine.address, { tls: { verify: false } })).toMatchObject({ via: 'direct' });
});

test('a certificate that has expired, on either side', async () => {
  const past = await server('direct', { cert: pem('past-server.pem'), key: pem('past-server.key') });
  expect(await refusal(connect(past.address, { tls: trusted() }))).toMatchObject({
    code: 'tls',
    message: expect.stringContaining('has expired'),
    help: expect.stringContaining('clock'),
  });
  const strict = await server('direct', { requestCert: true, rejectUnauthorized: true, ca: pem('ca.pem') });
  const own = { cert: file('past-client.pem'), key: file('past-client.key') };
  expect(await refusal(connect(strict.address, { tls: { ...trusted(), ...own } }))).toMatchObject({
    code: 'tls',
    message: expect.stringContaining("this client's certificate"),
  });
});

test('an engine with TLS that is asked without', async () => {
  for (const speaks of ['direct', 'upgrade'] as const) {
    for (const more of [{}, { requestCert: true, rejectUnauthorized: true, ca: pem('ca.pem') }]) {
      const engine = await server(speaks, more);
      expect(await refusal(connect(engine.address))).toMatchObject({
        code: 'tls',
        message: `${engine.address} speaks TLS only`,
      });
    }
  }
});

/** The port of a server that does this with each connection. */
async function portOf(accept: (socket: Socket) => void): Promise<number> {
  const plain = createServer((socket) => {
    socket.on('error', () => undefined);
    accept(socket);
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void plain.close());
  const address = plain.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test.each<[string, (socket: Socket) => void]>([
  ['answers in HTTP/1.1', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['begins with HTTP/2', (socket) => socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]))],
  ['closes at once', (socket) => socket.destroy()],
  ['closes at the first byte', (socket) => socket.once('data', () => socket.end())],
])('an engine without TLS that %s', async (_name, accept) => {
  const address = `tcp://127.0.0.1:${await portOf(accept)}`;
  const { code, message } = await refusal(connect(address, { tls: trusted() }));
  expect({ code, message }).toEqual({ code: 'tls', message: expect.stringContaining('does not speak TLS') });
});

test('files that are not there, are no certificates, or do not belong together', async () => {
  const engine = await server('direct');
  writeFileSync(file('text'), 'no certificate');
  const key = file('client.key');
  const attempts: readonly (readonly [TlsFiles, RegExp])[] = [
    [{ ca: '/nowhere/ca.pem' }, /\/nowhere\/ca\.pem can't be read/],
    [{ cert: file('text'), key }, /can't be used/],
    [{ cert: file('client.pem'), key: file('text') }, /can't be used/],
    [{ cert: file('server.pem'), key }, /can't be used/],
    [{ cert: file('client.pem') }, /has a certificate, but no key/],
    [{ key }, /has a key, but no certificate/],
  ];
  for (const [tls, message] of attempts) {
    expect(await refusal(connect(engine.address, { tls: { ...trusted(), ...tls } }))).toMatchObject({
      code: 'tls',
      message: expect.stringMatching(message),
    });
  }
  expect(engine.sockets.size).toBe(0);
});

test('giving up when TLS stands and HTTP/2 does not gives the reason of the signal', async () => {
  const silent = createTlsServer({ cert: pem('server.pem'), key: pem('server.key'), ALPNProtocols: ['h2'] });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const stop = new AbortController();
  silent.once('secureConnection', () => stop.abort(new Error('enough')));
  const connecting = connect(`tcp://127.0.0.1:${port}`, { tls: trusted(), signal: stop.signal });
  await expect(connecting).rejects.toThrow(/^enough$/);
});
