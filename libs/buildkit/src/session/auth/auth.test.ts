import { createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CredentialsRequest,
  CredentialsResponse,
  FetchTokenRequest,
  FetchTokenResponse,
  GetTokenAuthorityRequest,
  GetTokenAuthorityResponse,
  VerifyTokenAuthorityRequest,
  VerifyTokenAuthorityResponse,
} from '@hlb/proto/auth';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { openSession, type Session } from '../session.js';

let engine: FakeEngine;
let session: Session;
let folder: string;
let lines: string[];
const env: Record<string, string | undefined> = {};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auth-'));
  for (const key of Object.keys(env)) delete env[key];
  Object.assign(env, { DOCKER_CONFIG: join(folder, 'docker'), PATH: `${join(folder, 'bin')}:${process.env['PATH']}` });
  lines = [];
  await open();
});

async function open(): Promise<void> {
  engine = new FakeEngine();
  session = await openSession(engine, { auth: { env, onProgress: (line) => lines.push(line) } });
}

afterEach(async () => {
  await session.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

function configure(config: unknown): void {
  mkdirSync(join(folder, 'docker'), { recursive: true });
  writeFileSync(join(folder, 'docker/config.json'), JSON.stringify(config));
}

async function credentials(host: string): Promise<[string, string]> {
  const request = CredentialsRequest.encode({ Host: host }).finish();
  const { Username, Secret } = CredentialsResponse.decode(
    await engine.unary('/moby.filesync.v1.Auth/Credentials', request),
  );
  return [Username, Secret];
}

async function fetchToken(realm: string, host = 'registry.test'): Promise<FetchTokenResponse> {
  const request = FetchTokenRequest.encode({
    ClientID: 'x',
    Host: host,
    Realm: realm,
    Service: 'the service',
    Scopes: ['repository:a/b:pull', 'repository:c:pull,push'],
  }).finish();
  return FetchTokenResponse.decode(await engine.unary('/moby.filesync.v1.Auth/FetchToken', request));
}

async function publicKey(host: string, salt: Buffer): Promise<Buffer> {
  const request = GetTokenAuthorityRequest.encode({ Host: host, Salt: salt }).finish();
  const answer = await engine.unary('/moby.filesync.v1.Auth/GetTokenAuthority', request);
  return Buffer.from(GetTokenAuthorityResponse.decode(answer).PublicKey);
}

const basic = (text: string): string => Buffer.from(text).toString('base64');

test('credentials of every kind in the configuration', async () => {
  configure({
    auths: {
      'registry.test': { auth: basic('user:pass:word') },
      'https://index.docker.io/v1/': { auth: basic('hub:secret') },
      'https://old.test/v1/': { username: 'plain', password: 'text' },
      'token.test': { auth: basic('ignored:ignored'), identitytoken: 'refresh' },
      'empty.test': {},
    },
  });
  expect(await credentials('registry.test')).toEqual(['user', 'pass:word']);
  expect(await credentials('registry-1.docker.io')).toEqual(['hub', 'secret']);
  expect(await credentials('old.test')).toEqual(['plain', 'text']);
  expect(await credentials('token.test')).toEqual(['', 'refresh']);
  expect(await credentials('empty.test')).toEqual(['', '']);
  expect(await credentials('other.test')).toEqual(['', '']);
  expect(lines).toContain('[auth] sharing credentials for registry.test');
  expect(lines).not.toContain('[auth] sharing credentials for other.test');
});

test('no configuration at all', async () => {
  expect(await credentials('registry.test')).toEqual(['', '']);
});

test('a damaged configuration is an error without its content', async () => {
  mkdirSync(join(folder, 'docker'));
  writeFileSync(join(folder, 'docker/config.json'), '{"auths": hunter2');
  const error = await credentials('registry.test').catch((failure: unknown) => String(failure));
  expect(error).toContain('is not valid JSON');
  expect(error).not.toContain('hunter2');
});

/** Credential helpers are programs; this one notes what it is asked. */
function helper(name: string, script: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const path = join(folder, 'bin', `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\nhost=$(cat)\necho "$1 $host" >>${join(folder, 'asked')}\n${script}\n`);
  chmodSync(path, 0o755);
}

test('credential helpers and stores', async () => {
  helper('one', `echo '{"ServerURL":"x","Username":"from","Secret":"helper"}'`);
  helper(
    'store',
    `case $host in t.test) echo '{"Username":"<token>","Secret":"refresh"}';; *) echo 'credentials not found in native keychain'; exit 1;; esac`,
  );
  configure({
    credHelpers: { 'registry.test': 'one' },
    credsStore: 'store',
    auths: { 'none.test': { auth: basic('a:b') } },
  });
  expect(await credentials('registry.test')).toEqual(['from', 'helper']);
  expect(await credentials('t.test')).toEqual(['', 'refresh']);
  expect(await credentials('none.test')).toEqual(['', '']);
  // Asked once: helpers are slow, and may ask the user.
  await credentials('registry.test');
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('get registry.test\nget t.test\nget none.test\n');
});

test('helpers that fail, are missing, or are no helper', async () => {
  helper('bad', 'echo hunter2; exit 3');
  helper('nonsense', 'echo hunter2');
  configure({ credHelpers: { 'a.test': 'bad', 'b.test': 'nonsense', 'c.test': 'missing', 'd.test': '../evil' } });
  const errors = await Promise.all(
    ['a.test', 'b.test', 'c.test', 'd.test'].map((host) => credentials(host).catch((error: unknown) => String(error))),
  );
  expect(errors[0]).toContain('docker-credential-bad failed with exit code 3');
  expect(errors[1]).toContain('did not answer in JSON');
  expect(errors[2]).toContain('cannot run the credential helper docker-credential-missing');
  expect(errors[3]).toContain('is not the name of a credential helper');
  expect(errors.join()).not.toContain('hunter2');
  // A failure is not remembered.
  configure({ auths: { 'a.test': { auth: basic('now:there') } } });
  expect(await credentials('a.test')).toEqual(['now', 'there']);
});

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A token server that answers with what `answer` makes of a request. */
async function tokenServer(
  answer: (asked: Asked) => { status?: number; body?: unknown; location?: string },
): Promise<{ realm: string; asked: Asked[]; close: () => Promise<void> }> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const seen = { method: request.method, url: request.url, authorization: request.headers.authorization, body };
      asked.push(seen);
      const { status = 200, body: sent = {}, location } = answer(seen);
      response.writeHead(status, location === undefined ? {} : { location });
      response.end(typeof sent === 'string' ? sent : JSON.stringify(sent));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    realm: `http://127.0.0.1:${port}/token`,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const QUERY = 'service=the+service&scope=repository%3Aa%2Fb%3Apull&scope=repository%3Ac%3Apull%2Cpush';

test('an anonymous token comes by GET', async () => {
  const server = await tokenServer(() => ({
    body: { token: 'T', expires_in: 300, issued_at: '2026-01-02T03:04:05Z' },
  }));
  expect(await fetchToken(server.realm)).toEqual({ Token: 'T', ExpiresIn: 300n, IssuedAt: 1767323045n });
  expect(server.asked).toEqual([{ method: 'GET', url: `/token?${QUERY}`, authorization: undefined, body: '' }]);
  expect(lines).toEqual(['[auth] a/b:pull c:pull,push token for registry.test']);
  await server.close();
});

test('with a password by POST, with an identity token too', async () => {
  configure({ auths: { 'registry.test': { auth: basic('me:p&w') }, 'token.test': { identitytoken: 'refresh' } } });
  const server = await tokenServer(() => ({ body: { access_token: 'A' } }));
  expect(await fetchToken(server.realm)).toEqual({ Token: 'A', ExpiresIn: 60n, IssuedAt: 0n });
  expect(await fetchToken(server.realm, 'token.test')).toMatchObject({ Token: 'A' });
  const scope = 'scope=repository%3Aa%2Fb%3Apull+repository%3Ac%3Apull%2Cpush&service=the+service';
  expect(server.asked.map(({ method, body }) => [method, body])).toEqual([
    ['POST', `client_id=buildkit-client&${scope}&grant_type=password&username=me&password=p%26w`],
    ['POST', `client_id=buildkit-client&${scope}&grant_type=refresh_token&refresh_token=refresh`],
  ]);
  await server.close();
});

test.each([404, 401, 405])('servers that answer POST with %i are asked by GET', async (status) => {
  configure({ auths: { 'registry.test': { auth: basic('me:pw') } } });
  const server = await tokenServer(({ method }) => (method === 'POST' ? { status } : { body: { token: 'G' } }));
  expect((await fetchToken(server.realm)).Token).toBe('G');
  expect(server.asked[1]).toEqual({
    method: 'GET',
    url: `/token?${QUERY}`,
    authorization: `Basic ${basic('me:pw')}`,
    body: '',
  });
  await server.close();
});

test('a token of the configuration is used as it is', async () => {
  configure({ auths: { 'registry.test': { registrytoken: 'static' } } });
  expect(await fetchToken('http://nowhere.invalid/')).toEqual({ Token: 'static', ExpiresIn: 60n, IssuedAt: 0n });
});

test('token servers that fail, without a secret in the message', async () => {
  configure({ auths: { 'registry.test': { auth: basic('me:hunter2') } } });
  const answers = [
    { status: 500, body: 'hunter2' },
    { body: 'not json hunter2' },
    { body: { nothing: 'hunter2' } },
    { body: 'x'.repeat(2_000_000) },
  ];
  const server = await tokenServer(() => answers.shift() ?? {});
  const expected = ['answered POST with status 500', 'did not answer in JSON', 'gave no token', 'too long'];
  for (const text of expected) {
    const error = await fetchToken(server.realm).catch((failure: unknown) => String(failure));
    expect(error).toContain('cannot get a token for registry.test');
    expect(error).toContain(text);
    expect(error).not.toContain('hunter2');
  }
  await server.close();
  for (const realm of ['nonsense', 'file:///etc/passwd', server.realm]) {
    await expect(fetchToken(realm)).rejects.toThrow('cannot get a token for registry.test');
  }
});

test('redirects are followed, and credentials stay with the first server', async () => {
  const second = await tokenServer(() => ({ body: { token: 'R' } }));
  configure({ auths: { 'registry.test': { auth: basic('me:pw') } } });
  const first = await tokenServer(({ method }) =>
    method === 'POST' ? { status: 404 } : { status: 307, location: `${second.realm}?moved` },
  );
  expect((await fetchToken(first.realm)).Token).toBe('R');
  expect(second.asked).toEqual([{ method: 'GET', url: '/token?moved', authorization: undefined, body: '' }]);
  const loop = await tokenServer(({ method }) =>
    method === 'POST' ? { status: 404 } : { status: 302, location: '/token' },
  );
  await expect(fetchToken(loop.realm)).rejects.toThrow('redirects too often');
  await Promise.all([first.close(), second.close(), loop.close()]);
});

function ed25519(raw: Buffer): ReturnType<typeof createPublicKey> {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}

test('the key of a host follows from the seed file and the salt, and signs', async () => {
  configure({ auths: { 'registry.test': { auth: basic('me:pw') } } });
  const salt = randomBytes(32);
  const key = await publicKey('registry.test', salt);
  expect(key.length).toBe(32);
  const path = join(folder, 'docker/.token_seed');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const stored = JSON.parse(readFileSync(path, 'utf8'));
  const seed = Buffer.from(stored['registry.test'].Seed, 'base64');
  expect(seed.length).toBe(16);
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const { createPrivateKey } = await import('node:crypto');
  const derived = createPrivateKey({
    key: Buffer.concat([prefix, createHmac('sha256', salt).update(seed).digest()]),
    format: 'der',
    type: 'pkcs8',
  });
  expect(createPublicKey(derived).export({ format: 'jwk' }).x).toBe(key.toString('base64url'));

  const payload = randomBytes(32);
  const request = VerifyTokenAuthorityRequest.encode({ Host: 'registry.test', Payload: payload, Salt: salt }).finish();
  const answer = await engine.unary('/moby.filesync.v1.Auth/VerifyTokenAuthority', request);
  const signed = Buffer.from(VerifyTokenAuthorityResponse.decode(answer).Signed);
  expect(signed.subarray(64).equals(payload)).toBe(true);
  expect(verify(null, payload, ed25519(key), signed.subarray(0, 64))).toBe(true);

  // The same in the next session, another with another salt.
  await session.close();
  await engine.close();
  await open();
  expect((await publicKey('registry.test', salt)).equals(key)).toBe(true);
  expect((await publicKey('registry.test', randomBytes(32))).equals(key)).toBe(false);
});

test('clients without credentials share a key, and write nothing', async () => {
  const salt = Buffer.from('salt');
  const anonymous = await publicKey('a.test', salt);
  expect((await publicKey('b.test', salt)).equals(anonymous)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

test('seeds of several hosts, asked at once, are all kept', async () => {
  const hosts = Array.from({ length: 8 }, (_, i) => `h${i}.test`);
  configure({ auths: Object.fromEntries(hosts.map((host) => [host, { auth: basic('me:pw') }])) });
  await Promise.all(hosts.map((host) => publicKey(host, Buffer.from('salt'))));
  expect(Object.keys(JSON.parse(readFileSync(join(folder, 'docker/.token_seed'), 'utf8'))).sort()).toEqual(hosts);
});

test('a seed file that is damaged or cannot be written is no error', async () => {
  configure({ auths: { 'registry.test': { auth: basic('me:pw') } } });
  mkdirSync(join(folder, 'docker/.token_seed'));
  expect((await publicKey('registry.test', Buffer.from('salt'))).length).toBe(32);
  expect(readdirSync(join(folder, 'docker')).sort()).toEqual(['.token_seed', 'config.json']);
});

test('engines can be made to fetch tokens themselves', async () => {
  env['BUILDKIT_NO_CLIENT_TOKEN'] = 'true';
  await expect(publicKey('registry.test', Buffer.from('salt'))).rejects.toMatchObject({ status: { code: 14 } });
});

test('without the option the methods are not there', async () => {
  const plain = new FakeEngine();
  const other = await openSession(plain);
  expect(plain.headers.map(([, value]) => value).join()).not.toContain('filesync.v1.Auth');
  await expect(plain.unary('/moby.filesync.v1.Auth/Credentials', new Uint8Array())).rejects.toMatchObject({
    status: { code: 12 },
  });
  await other.close();
  await plain.close();
});
