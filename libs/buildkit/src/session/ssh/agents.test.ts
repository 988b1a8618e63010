import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CheckAgentRequest } from '@hlb/proto/sshforward';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { bytesMessage, bytesOf } from '../grpc/bytes-message.js';
import { openSession, type Session } from '../session.js';
import { SshReader, sshString, sshUint32 } from './wire.js';

const keys = fileURLToPath(new URL('fixtures/keys/', import.meta.url));

let engine: FakeEngine;
let session: Session;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agents-'));
  engine = new FakeEngine();
  session = await openSession(engine);
});

afterEach(async () => {
  await session.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function check(id: string): Promise<void> {
  await engine.unary('/moby.sshforward.v1.SSH/CheckAgent', CheckAgentRequest.encode({ ID: id }).finish());
}

/** One connection of a build's ssh client to its agent. */
class AgentClient {
  readonly call: ReturnType<FakeEngine['call']>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(id: string) {
    this.call = engine.call('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': id });
  }

  async ask(message: Buffer): Promise<Buffer> {
    this.call.send(bytesMessage(sshString(message)));
    for (;;) {
      if (this.#buffer.length >= 4) {
        const length = this.#buffer.readUInt32BE(0);
        if (this.#buffer.length >= 4 + length) {
          const answer = this.#buffer.subarray(4, 4 + length);
          this.#buffer = this.#buffer.subarray(4 + length);
          return answer;
        }
      }
      const received = await this.call.next();
      if (!received) throw new Error(`the call ended: ${(await this.call.status).message}`);
      this.#buffer = Buffer.concat([this.#buffer, bytesOf(received)]);
    }
  }

  async identities(): Promise<{ blob: Buffer; comment: string }[]> {
    const reader = new SshReader(await this.ask(Buffer.from([11])));
    expect(reader.byte()).toBe(12);
    return Array.from({ length: reader.uint32() }, () => ({ blob: reader.string(), comment: reader.text() }));
  }

  async sign(blob: Buffer, data: Buffer, flags: number): Promise<{ algorithm: string; signature: Buffer }> {
    const answer = await this.ask(
      Buffer.concat([Buffer.from([13]), sshString(blob), sshString(data), sshUint32(flags)]),
    );
    const reader = new SshReader(answer);
    expect(reader.byte()).toBe(14);
    const inner = new SshReader(reader.string());
    return { algorithm: inner.text(), signature: inner.string() };
  }
}

/** The public key that `ssh-keygen` wrote beside the private one. */
function publicBlob(name: string): Buffer {
  return Buffer.from(readFileSync(join(keys, `${name}.pub`), 'utf8').split(' ')[1] ?? '', 'base64');
}

function checkSignature(blob: Buffer, data: Buffer, algorithm: string, signature: Buffer): boolean {
  const reader = new SshReader(blob);
  const type = reader.text();
  const b64 = (bytes: Buffer): string => (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url');
  if (type === 'ssh-ed25519') {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: reader.string().toString('base64url') };
    return verify(null, data, createPublicKey({ key: jwk, format: 'jwk' }), signature);
  }
  if (type === 'ssh-rsa') {
    const e = b64(reader.string());
    const key = createPublicKey({ key: { kty: 'RSA', e, n: b64(reader.string()) }, format: 'jwk' });
    const hash = { 'ssh-rsa': 'sha1', 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }[algorithm];
    return verify(hash, data, key, signature);
  }
  const curve = reader.text();
  const point = reader.string();
  const half = (point.length - 1) / 2;
  const jwk = {
    kty: 'EC',
    crv: `P-${curve.slice(-3)}`,
    x: point.subarray(1, 1 + half).toString('base64url'),
    y: point.subarray(1 + half).toString('base64url'),
  };
  const numbers = new SshReader(signature);
  const number = (): Buffer => {
    const bytes = numbers.string();
    const plain = bytes[0] === 0 ? bytes.subarray(1) : bytes;
    return Buffer.concat([Buffer.alloc(half - plain.length), plain]);
  };
  const pair = Buffer.concat([number(), number()]);
  const hash = { nistp256: 'sha256', nistp384: 'sha384', nistp521: 'sha512' }[curve];
  return verify(hash, data, { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, pair);
}

test.each<[string, number, string]>([
  ['ed25519', 0, 'ssh-ed25519'],
  ['rsa', 0, 'ssh-rsa'],
  ['rsa', 2, 'rsa-sha2-256'],
  ['rsa', 4, 'rsa-sha2-512'],
  ['rsa-pem', 4, 'rsa-sha2-512'],
  ['ecdsa', 0, 'ecdsa-sha2-nistp256'],
  ['ecdsa384', 0, 'ecdsa-sha2-nistp384'],
  ['ecdsa521', 0, 'ecdsa-sha2-nistp521'],
  ['ecdsa-pem', 0, 'ecdsa-sha2-nistp256'],
])('a key file signs: %s, flags %i', async (name, flags, algorithm) => {
  session.addAgent({ kind: 'keys', files: [join(keys, name)] });
  await check('');
  const client = new AgentClient('default');
  const [identity] = await client.identities();
  expect(identity?.blob.equals(publicBlob(name))).toBe(true);
  for (const data of [Buffer.from('x'), Buffer.alloc(5000, 'data')]) {
    const signed = await client.sign(publicBlob(name), data, flags);
    expect(signed.algorithm).toBe(algorithm);
    expect(checkSignature(publicBlob(name), data, signed.algorithm, signed.signature)).toBe(true);
  }
  client.call.end();
  expect((await client.call.status).code).toBe(0);
});

test('several keys, with their comments', async () => {
  session.addAgent({ id: 'two', kind: 'keys', files: [join(keys, 'ed25519'), join(keys, 'rsa')] });
  expect((await new AgentClient('two').identities()).map(({ comment }) => comment)).toEqual([
    'ed25519@test',
    'rsa@test',
  ]);
});

test('a PKCS #8 key', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'k'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  session.addAgent({ kind: 'keys', files: [join(folder, 'k')] });
  const client = new AgentClient('');
  const [identity] = await client.identities();
  const blob = identity?.blob ?? Buffer.alloc(0);
  const { algorithm, signature } = await client.sign(blob, Buffer.from('data'), 0);
  expect(checkSignature(blob, Buffer.from('data'), algorithm, signature)).toBe(true);
});

test('a build may list and sign, nothing else', async () => {
  session.addAgent({ kind: 'keys', files: [join(keys, 'ed25519')] });
  const client = new AgentClient('');
  for (const type of [17, 18, 19, 20, 21, 22, 23, 25, 27, 0, 255])
    expect(await client.ask(Buffer.from([type]))).toEqual(Buffer.from([5]));
  expect(await client.ask(Buffer.from([13, 1, 2]))).toEqual(Buffer.from([5]));
  const unknown = Buffer.concat([Buffer.from([13]), sshString('no key'), sshString('x'), sshUint32(0)]);
  expect(await client.ask(unknown)).toEqual(Buffer.from([5]));
  expect((await client.identities()).length).toBe(1);
});

test('keys that cannot be used say why, without their content', async () => {
  writeFileSync(join(folder, 'nonsense'), 'hunter2');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  writeFileSync(join(folder, 'huge'), Buffer.alloc(100 * 1024 + 1));
  const damaged = readFileSync(join(keys, 'ed25519'), 'utf8').replace(/\n.{20}(.*)\n/, '\n$1\n');
  writeFileSync(join(folder, 'damaged'), damaged);
  const cases: [string, string][] = [
    [join(keys, 'encrypted'), 'passphrase'],
    [join(keys, 'encrypted-pem'), 'passphrase'],
    [join(folder, 'nonsense'), 'not a private key'],
    [join(folder, 'damaged'), 'not a private key'],
    [join(folder, 'huge'), 'more than 100 KiB'],
    [join(folder, 'missing'), 'does not exist'],
    [join(folder, 'pipe'), 'it is a named pipe'],
  ];
  for (const [path, reason] of cases) {
    session.addAgent({ kind: 'keys', files: [path] });
    const error = await check('default').catch((failure: unknown) => String(failure));
    expect(error).toContain(path);
    expect(error).toContain(reason);
    expect(error).not.toContain('hunter2');
  }
});

test('an id that was not given', async () => {
  await expect(check('other')).rejects.toMatchObject({ status: { code: 5, message: 'unset ssh forward key other' } });
  await expect(check('')).rejects.toThrow('unset ssh forward key default');
  session.addAgent({ id: 'gone', kind: 'agent', socket: '/x' });
  session.removeAgent('gone');
  await expect(check('gone')).rejects.toThrow('unset');
});

/** A server on a unix socket; every connection is handed to `serve`. */
async function listen(
  serve: (socket: net.Socket) => void,
): Promise<{ path: string; close: () => void; open: () => number }> {
  const path = join(folder, 'socket');
  let open = 0;
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    open += 1;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open -= 1;
    });
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { path, close: () => server.close(), open: () => open };
}

test('an agent at a socket: requests pass, in order, others are answered here', async () => {
  const asked: number[] = [];
  const server = await listen((socket) => {
    socket.on('data', (chunk) => {
      for (let at = 0; at < chunk.length; at += 4 + chunk.readUInt32BE(at)) {
        asked.push(chunk[at + 4] ?? 0);
        // In pieces, as sockets may deliver.
        const answer = sshString(Buffer.from([12, 0, 0, 0, asked.length]));
        socket.write(answer.subarray(0, 3));
        setImmediate(() => socket.write(answer.subarray(3)));
      }
    });
  });
  session.addAgent({ kind: 'agent', socket: server.path });
  await check('');
  const client = new AgentClient('default');
  expect(await client.ask(Buffer.from([11]))).toEqual(Buffer.from([12, 0, 0, 0, 1]));
  expect(await client.ask(Buffer.from([19]))).toEqual(Buffer.from([5]));
  expect(await client.ask(Buffer.from([11]))).toEqual(Buffer.from([12, 0, 0, 0, 2]));
  expect(asked).toEqual([11, 11]);
  client.call.end();
  expect((await client.call.status).code).toBe(0);
  server.close();
});

test('an agent that is not there, or goes away, ends the call', async () => {
  session.addAgent({ kind: 'agent', socket: join(folder, 'missing') });
  const none = new AgentClient('');
  expect(await none.call.status).toMatchObject({ code: 14, message: expect.stringContaining(join(folder, 'missing')) });
  const server = await listen((socket) => socket.on('data', () => socket.destroy()));
  session.addAgent({ kind: 'agent', socket: server.path });
  await expect(new AgentClient('').ask(Buffer.from([11]))).rejects.toThrow('closed the connection');
  server.close();
});

test('nonsense as an agent message ends the call', async () => {
  session.addAgent({ kind: 'keys', files: [join(keys, 'ed25519')] });
  const client = new AgentClient('');
  client.call.send(bytesMessage(Buffer.from([0xff, 0xff, 0xff, 0xff])));
  expect((await client.call.status).message).toContain('an agent message of 4294967295 bytes');
});

test('any server is forwarded byte for byte, half-closes too', async () => {
  const server = await listen((socket) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => socket.end(Buffer.concat([Buffer.from('got: '), ...chunks])));
  });
  session.addAgent({ id: 'raw', kind: 'forward', address: `unix://${server.path}` });
  const call = engine.call('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': 'raw' });
  const payload = Buffer.alloc(1_000_000, 'payload');
  for (let at = 0; at < payload.length; at += 32_768) call.send(bytesMessage(payload.subarray(at, at + 32_768)));
  call.end();
  const received: Buffer[] = [];
  for (let message = await call.next(); message; message = await call.next()) received.push(bytesOf(message));
  expect(Buffer.concat(received).equals(Buffer.concat([Buffer.from('got: '), payload]))).toBe(true);
  expect((await call.status).code).toBe(0);
  server.close();
});

test('a server that ends first ends the call, and TCP works', async () => {
  const server = net.createServer((socket) => socket.end('bye'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  session.addAgent({ id: 'raw', kind: 'forward', address: `tcp://127.0.0.1:${port}` });
  const call = engine.call('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': 'raw' });
  const first = await call.next();
  expect(bytesOf(first ?? Buffer.alloc(0)).toString()).toBe('bye');
  expect((await call.status).code).toBe(0);
  server.close();
});

test('cancelling closes the connection to the server', async () => {
  const connected = new Promise<void>((resolve) => {
    void listen(() => resolve()).then((server) => {
      session.addAgent({ id: 'raw', kind: 'forward', address: server.path });
      const call = engine.call('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': 'raw' });
      void connected.then(async () => {
        call.cancel();
        await call.status;
        server.close();
      });
    });
  });
  await connected;
  await session.close();
});

test('addresses that make no sense', async () => {
  session.addAgent({ id: 'raw', kind: 'forward', address: 'ftp://x' });
  const call = engine.call('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': 'raw' });
  expect((await call.status).message).toContain('neither unix:///path nor tcp://host:port');
});
