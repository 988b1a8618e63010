import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialsRequest, FetchTokenRequest } from '@hlb/proto/auth';
import { DeleteContentRequest, InfoRequest, ReadContentRequest, WriteContentRequest } from '@hlb/proto/content';
import { GetSecretRequest } from '@hlb/proto/secrets';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveCaches } from '../cache/served-caches.js';
import { FakeEngine } from './fixtures/fake-engine.js';
import { packet, REQ, STAT, sendEntries, stat } from './fixtures/fake-transfer.js';
import { DIRECTORY, directory, file, LINK, link } from './fixtures/sent-entries.js';
import { bytesMessage, bytesOf } from './grpc/bytes-message.js';
import { openSession, type Session } from './session.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const TESTS = [import.meta.url, new URL('../control/advisories.test.ts', import.meta.url)]
  .map((file) => readFileSync(new URL(file), 'utf8'))
  .join('\n');

/*
 * What has been published about BuildKit, its clients and what they are made of, each seen from this client's side: where the flaw was the
 * engine's, the engine may do here what an attacker did there.
 */

const SEND = '/moby.filesync.v1.FileSend/DiffCopy';
const SYNC = '/moby.filesync.v1.FileSync/DiffCopy';
const CONTENT = '/containerd.services.content.v1.Content/';

let engine: FakeEngine;
let session: Session;
let folder: string;
let out: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'advisories-'));
  out = join(folder, 'out');
  writeFileSync(join(folder, 'victim'), 'untouched');
  engine = new FakeEngine();
  session = await openSession(engine, { auth: { env: { DOCKER_CONFIG: join(folder, 'docker'), PATH: folder } } });
});

afterEach(async () => {
  await session.close();
  await engine.close();
  expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('untouched');
  rmSync(folder, { recursive: true, force: true });
});

async function answersHealth(): Promise<void> {
  expect(await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array())).toEqual(Buffer.from([8, 1]));
}

test('GHSA-g2h8-426c-7976 (CVE-2026-15789): the parent directory itself as an entry', async () => {
  for (const entries of [
    [directory('..')],
    [link('..', 'x')],
    [file('..', 'x')],
    [{ stat: stat('..', { mode: DIRECTORY }) }, file('../victim', 'y')],
    [directory('a'), directory('a/..')],
  ]) {
    const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
    expect((await sendEntries(engine, 0, entries)).status.message).toContain('a path that leads elsewhere');
    await expect(target.commit()).rejects.toMatchObject({ code: 'unsafe-path' });
  }
  expect(readdirSync(folder)).toEqual(['victim']);
});

test('GHSA-4c29-8rgm-jvjj (CVE-2026-33747): names in messages that become files elsewhere', async () => {
  session.addContentStore({ id: 'export', path: out, writable: true });
  const store = { 'buildkit-attachable-store-id': 'export' };
  for (const name of [
    'sha256:../../victim',
    '../victim',
    'sha256:..',
    `sha256:${'../'.repeat(20)}etcpwd`,
    '..:victim',
  ]) {
    await expect(engine.unary(`${CONTENT}Info`, InfoRequest.encode({ digest: name }).finish(), store)).rejects.toThrow(
      'is not a digest',
    );
    await expect(
      engine.unary(`${CONTENT}Delete`, DeleteContentRequest.encode({ digest: name }).finish(), store),
    ).rejects.toThrow('is not a digest');
    const read = ReadContentRequest.encode({ digest: name, offset: 0n, size: 0n }).finish();
    await expect(engine.unary(`${CONTENT}Read`, read, store)).rejects.toThrow('is not a digest');
    const expected = WriteContentRequest.fromPartial({ ref: 'r', expected: name, data: Buffer.from('x') });
    await expect(engine.unary(`${CONTENT}Write`, WriteContentRequest.encode(expected).finish(), store)).rejects.toThrow(
      'is not a digest',
    );
    // The name of a write is the engine's own, and is no file's name here.
    const ref = WriteContentRequest.fromPartial({ action: 1, ref: name, data: Buffer.from('x') });
    await engine.unary(`${CONTENT}Write`, WriteContentRequest.encode(ref).finish(), store);
  }
  expect(readdirSync(folder).sort()).toEqual(['out', 'victim']);
  expect(readdirSync(out)).toEqual(['ingest']);
});

test('GHSA-4vrq-3vrq-g6gg (CVE-2026-33748): a path within a tree that links lead out of', async () => {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/own'), 'own');
  symlinkSync('..', join(folder, 'src/up'));
  symlinkSync('/', join(folder, 'src/root'));
  session.addDirectory({ name: 'src', path: join(folder, 'src') });
  for (const path of ['up/victim', 'root/etc/passwd', '../victim', 'up/../victim', 'up/src/../victim']) {
    const call = engine.call(SYNC, { 'dir-name': 'src', followpaths: [path], 'include-patterns': [path] });
    const paths: Buffer[] = [];
    for (let message = await call.next(); message && message.length > 0; message = await call.next())
      paths.push(message);
    // Links are sent as links; nothing is sent through them.
    for (const message of paths) expect(message.toString('latin1')).not.toMatch(/victim|passwd/);
    call.cancel();
  }
});

test('GHSA-4v98-7qmw-rqr8 (CVE-2024-23652): what is cleaned up is not what a link leads to', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'elsewhere/kept'), 'kept');
  mkdirSync(out);
  symlinkSync('../elsewhere', join(out, 'extra'));
  symlinkSync('../elsewhere', join(out, 'd'));
  symlinkSync('../victim', join(out, 'f'));
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out, mirror: true });
  expect((await sendEntries(engine, 0, [directory('d'), file('d/new', 'x'), file('f', 'y')])).status.code).toBe(0);
  await target.commit();
  expect(readdirSync(out).sort()).toEqual(['d', 'f']);
  expect(lstatSync(join(out, 'd')).isDirectory()).toBe(true);
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['kept']);
  // What is given up holds links out, too.
  const given = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'given') });
  await sendEntries(engine, 0, [link('away', '../../elsewhere')]);
  await given.discard();
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['kept']);
});

test('GHSA-m3r6-h7wv-7xxv (CVE-2024-23651): transfers side by side, one of which puts a link under the other', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const calls = [engine.call(SEND), engine.call(SEND)] as const;
  // Both stand amid their lists; then one has a link where the other has a directory with a file.
  calls[0].send(packet({ type: STAT, stat: stat('a', { mode: LINK, linkname: '../elsewhere' }) }));
  calls[1].send(packet({ type: STAT, stat: stat('a', { mode: DIRECTORY }) }));
  calls[1].send(packet({ type: STAT, stat: stat('a/new', { size: 1n }) }));
  for (const call of calls) call.send(packet({ type: STAT }));
  await calls[1].next();
  calls[1].send(packet({ type: 2, ID: 1, data: Buffer.from('x') }));
  calls[1].send(packet({ type: 2, ID: 1 }));
  for (const call of calls) {
    await call.next();
    call.send(packet({ type: 3 }));
    expect((await call.status).code).toBe(0);
  }
  await target.commit();
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  expect(lstatSync(out).isDirectory()).toBe(true);
});

test.each([['GHSA-9p26-698r-w4hx (CVE-2024-23650)'], ['GHSA-qx3x-mv6r-52p6 (CVE-2026-15792)']])(
  '%s: messages that are missing a part, or are none, crash nothing',
  async () => {
    session.addTarget({ exporterId: 0, kind: 'directory', path: out });
    session.addContentStore({ id: 'export', path: join(folder, 'store'), writable: true });
    session.addDirectory({ name: 'src', path: folder });
    const methods = engine.headers.filter(([name]) => name.endsWith('Grpc-Method')).map(([, method]) => method);
    expect(methods.length).toBeGreaterThan(15);
    const messages = [
      undefined,
      new Uint8Array(),
      Buffer.from([0x0a]),
      Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.from([0x0a, 0x02, 0xff, 0xfe]),
      Buffer.from([0x08, ...Array<number>(10).fill(0xff), 0x01]),
      Buffer.alloc(2000, 0x0b),
      packet({ type: STAT, stat: stat('', { mode: 0xffffffff, size: -1n, modTime: -(1n << 63n) }) }),
      packet({ type: REQ, ID: 0xffffffff }),
    ];
    for (const method of methods) {
      for (const message of messages) {
        for (const metadata of [{}, { 'buildkit-attachable-store-id': 'export', 'dir-name': 'src' }]) {
          const call = engine.call(method, metadata);
          if (message) call.send(message);
          call.end();
          if (method.endsWith('/Watch')) call.cancel();
          await call.status;
        }
      }
    }
    await answersHealth();
    expect(existsSync(out)).toBe(false);
  },
);

test('GHSA-99pg-grm5-qq3v (CVE-2021-41092): a helper that cannot be run does not mean that other credentials are used', async () => {
  mkdirSync(join(folder, 'docker'));
  const auths = { 'private.example': { auth: Buffer.from('user:stored').toString('base64') } };
  const config = { auths, credHelpers: { 'private.example': 'missing' } };
  writeFileSync(join(folder, 'docker/config.json'), JSON.stringify(config));
  const ask = async (host: string): Promise<string> => {
    const request = CredentialsRequest.encode({ Host: host }).finish();
    return (await engine.unary('/moby.filesync.v1.Auth/Credentials', request)).toString('latin1');
  };
  await expect(ask('private.example')).rejects.toThrow('docker-credential-missing');
  // Nor is what belongs to one registry given to another.
  for (const host of [
    'registry-1.docker.io',
    'example',
    'private.example.org',
    'x.private.example',
    'private.example:5000',
  ]) {
    expect(await ask(host)).toBe('');
  }
  const token = FetchTokenRequest.fromPartial({ Host: 'private.example', Realm: 'http://127.0.0.1:9/' });
  await expect(
    engine.unary('/moby.filesync.v1.Auth/FetchToken', FetchTokenRequest.encode(token).finish()),
  ).rejects.toThrow(/^(?!.*stored)/);
});

test('GHSA-f6x5-jh6r-wrfv (CVE-2025-47914): messages to an agent that are too short, or claim more than they have', async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(join(folder, 'key'), privateKey.export({ type: 'sec1', format: 'pem' }));
  session.addAgent({ id: 'default', kind: 'keys', files: [join(folder, 'key')] });
  for (const message of [[], [11, 0], [13], [13, 0xff, 0xff, 0xff, 0xff], [13, 0, 0, 0, 1], [17, 0, 0, 0, 9, 1], [0]]) {
    const call = engine.call('/moby.sshforward.v1.SSH/ForwardAgent', { 'buildkit.ssh.id': 'default' });
    call.send(bytesMessage(Buffer.from([0, 0, 0, message.length, ...message])));
    call.end();
    const answers: Buffer[] = [];
    for (let answer = await call.next(); answer; answer = await call.next()) answers.push(bytesOf(answer));
    await call.status;
    // Nothing is signed or added: failure (5), or a list of identities (12) for who asked for one.
    for (const answer of answers) expect([5, 12]).toContain(answer[4]);
  }
  await answersHealth();
});

test('GHSA-p77j-4mvh-x3m3 (CVE-2026-33186): a method by another spelling is another method', async () => {
  session.addSecret({ id: 's', source: { kind: 'value', value: 'secret' } });
  const request = GetSecretRequest.encode(GetSecretRequest.fromPartial({ ID: 's' })).finish();
  for (const path of [
    'moby.buildkit.secrets.v1.Secrets/GetSecret',
    '//moby.buildkit.secrets.v1.Secrets/GetSecret',
    '/moby.buildkit.secrets.v1.Secrets/GetSecret/',
    '/moby.buildkit.secrets.v1.Secrets/getsecret',
    '/moby.buildkit.secrets.v1.Secrets/GetSecret?x',
    '*',
    'constructor',
  ]) {
    await expect(engine.unary(path, request)).rejects.toThrow();
  }
  await answersHealth();
});

test('GHSA-qppj-fm5r-hxr3 (CVE-2023-44487): calls that are opened and reset', async () => {
  session.addDirectory({ name: 'src', path: folder });
  for (let i = 0; i < 300; i++) engine.call(SYNC, { 'dir-name': 'src' }).cancel();
  await answersHealth();
});

test('every advisory with a test here is in the table of the README, and the other way round', () => {
  const table = README.slice(README.indexOf('## Advisories'), README.indexOf('## Limits'));
  const rows = table.split('\n').filter((line) => line.startsWith('| GHSA-'));
  const tested = rows.filter((row) => row.endsWith('`advisories.test.ts` |')).map((row) => row.slice(2, 21));
  const ids = [...new Set(TESTS.match(/GHSA(?:-[0-9a-z]{4}){3}/g))];
  expect(tested.toSorted()).toEqual(ids.toSorted());
});

test('GHSA-m4gq-fm9h-8q75 (CVE-2025-0495): credentials of a cache are told to the engine alone', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'the-id', AWS_SECRET_ACCESS_KEY: 'the-secret', ACTIONS_RUNTIME_TOKEN: 'the-token' };
  const events: unknown[] = [];
  session.onTransfer((event) => events.push(event));
  const request = { imports: [{ type: 's3' }], exports: [{ type: 'gha' }, { type: 'local' }] };
  const refused: unknown = await serveCaches(session, request, env).catch((error: unknown) => error);
  expect(refused).toMatchObject({ message: 'a cache of the type local needs the attribute dest' });
  expect(JSON.stringify([events, engine.headers, refused, String(refused)])).not.toMatch(/the-(id|secret|token)/);
});
