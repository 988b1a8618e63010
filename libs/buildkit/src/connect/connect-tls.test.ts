import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
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
  for (const ca of ['ca', 'other']) {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${ca}`,
      '-keyout',
      `${ca}.key`,
      '-out',
      `${ca}.pem`,
    );
  }
  for (const name of ['server', 'client']) {
    writeFileSync(file(`${name}.ext`), 'subjectAltName=DNS:engine.test');
    openssl(
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
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

test('an engine without TLS, and a file that is not there', async () => {
  const plain = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const address = plain.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await refusal(connect(`tcp://127.0.0.1:${port}`, { tls: trusted() }))).toMatchObject({
    code: 'tls',
    message: expect.stringContaining('does not speak TLS'),
  });
  plain.close();
  expect(await refusal(connect(`tcp://127.0.0.1:${port}`, { tls: { ca: '/nowhere/ca.pem' } }))).toMatchObject({
    code: 'tls',
  });
});
