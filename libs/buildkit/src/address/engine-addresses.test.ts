import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { engineAddresses, usualSockets } from './engine-addresses.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'addresses-'));
});

afterEach(() => rmSync(home, { recursive: true }));

function config(content: unknown): void {
  mkdirSync(join(home, '.docker'), { recursive: true });
  writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify(content));
}

function context(name: string, endpoint: unknown, pems: readonly string[] = []): string {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = join(home, '.docker', 'contexts', 'meta', id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }));
  const tls = join(home, '.docker', 'contexts', 'tls', id, 'docker');
  if (pems.length > 0) mkdirSync(tls, { recursive: true });
  for (const pem of pems) writeFileSync(join(tls, pem), '');
  return tls;
}

test('the address given comes before everything', async () => {
  config({ currentContext: 'far' });
  const env = { HOME: home, BUILDKIT_HOST: 'tcp://b:1', DOCKER_HOST: 'tcp://d:1', DOCKER_CONTEXT: 'x' };
  expect(await engineAddresses({ address: 'tcp://a:1', env })).toEqual([
    { address: 'tcp://a:1', origin: 'the address given', chosen: true, expect: 'either' },
  ]);
});

test('then BUILDKIT_HOST, then DOCKER_HOST; empty ones are none', async () => {
  const env = { HOME: home, BUILDKIT_HOST: 'tcp://b:1', DOCKER_HOST: 'tcp://d:1' };
  expect((await engineAddresses({ env }))[0]).toMatchObject({
    address: 'tcp://b:1',
    origin: 'BUILDKIT_HOST',
    expect: 'either',
  });
  expect((await engineAddresses({ address: '', env: { ...env, BUILDKIT_HOST: '' } }))[0]).toMatchObject({
    address: 'tcp://d:1',
    origin: 'DOCKER_HOST',
    expect: 'docker',
  });
});

test("TLS of the caller goes with BUILDKIT_HOST, Docker's own with DOCKER_HOST", async () => {
  const env = { HOME: home, DOCKER_HOST: 'tcp://d:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs' };
  expect((await engineAddresses({ tls: { ca: '/x' }, env: { BUILDKIT_HOST: 'tcp://b:1' } }))[0]?.tls).toEqual({
    ca: '/x',
  });
  expect((await engineAddresses({ env }))[0]?.tls).toEqual({
    ca: '/certs/ca.pem',
    cert: '/certs/cert.pem',
    key: '/certs/key.pem',
    verify: true,
  });
  expect(
    (await engineAddresses({ env: { HOME: home, DOCKER_HOST: 'tcp://d:1', DOCKER_TLS: '1' } }))[0]?.tls,
  ).toMatchObject({
    ca: join(home, '.docker', 'ca.pem'),
    verify: false,
  });
});

test('then the current context, with the TLS files that it has', async () => {
  config({ currentContext: 'far' });
  const tls = context('far', { Host: 'tcp://far:2376', SkipTLSVerify: false }, ['ca.pem', 'key.pem', 'cert.pem']);
  expect(await engineAddresses({ env: { HOME: home } })).toEqual([
    {
      address: 'tcp://far:2376',
      origin: 'the Docker context "far"',
      chosen: true,
      expect: 'docker',
      tls: { ca: join(tls, 'ca.pem'), cert: join(tls, 'cert.pem'), key: join(tls, 'key.pem'), verify: true },
    },
  ]);
});

test('DOCKER_CONTEXT is stronger than the configured context, DOCKER_CONFIG moves the folder', async () => {
  config({ currentContext: 'far' });
  context('near', { Host: 'unix:///near.sock' });
  const env = { HOME: '/nowhere', DOCKER_CONFIG: join(home, '.docker'), DOCKER_CONTEXT: 'near' };
  expect((await engineAddresses({ env }))[0]).toMatchObject({ address: 'unix:///near.sock' });
});

test('a context without certificate check says so', async () => {
  context('far', { Host: 'tcp://far:2376', SkipTLSVerify: true });
  expect((await engineAddresses({ env: { HOME: home, DOCKER_CONTEXT: 'far' } }))[0]?.tls).toEqual({ verify: false });
  const tls = context('own', { Host: 'tcp://far:2376', SkipTLSVerify: true }, ['ca.pem']);
  expect((await engineAddresses({ env: { HOME: home, DOCKER_CONTEXT: 'own' } }))[0]?.tls).toEqual({
    ca: join(tls, 'ca.pem'),
    verify: false,
  });
});

test.each(['a/b', '../up', 'ümlaut', 'two words', '-dash'])('a context with the odd name %s', async (name) => {
  context(name, { Host: 'unix:///odd.sock' });
  expect((await engineAddresses({ env: { HOME: home, DOCKER_CONTEXT: name } }))[0]).toMatchObject({
    address: 'unix:///odd.sock',
    origin: `the Docker context ${JSON.stringify(name)}`,
  });
});

test('a chosen context that is not there is an error, as is one without an engine', async () => {
  await expect(engineAddresses({ env: { HOME: home, DOCKER_CONTEXT: 'gone' } })).rejects.toMatchObject({
    code: 'bad-context',
    message: expect.stringContaining('"gone" does not exist'),
  });
  context('empty', {});
  await expect(engineAddresses({ env: { HOME: home, DOCKER_CONTEXT: 'empty' } })).rejects.toMatchObject({
    code: 'bad-context',
  });
});

test('the context "default", no configuration and a broken one lead to the usual sockets that exist', async () => {
  mkdirSync(join(home, 'run', 'buildkit'), { recursive: true });
  writeFileSync(join(home, 'run', 'buildkit', 'buildkitd.sock'), '');
  const env = { HOME: home, XDG_RUNTIME_DIR: join(home, 'run') };
  const address = `unix://${join(home, 'run', 'buildkit', 'buildkitd.sock')}`;
  expect(await engineAddresses({ env })).toContainEqual({
    address,
    origin: 'a usual socket',
    chosen: false,
    expect: 'buildkit',
  });
  config({ currentContext: 'default' });
  expect(await engineAddresses({ env })).toContainEqual(expect.objectContaining({ address }));
  writeFileSync(join(home, '.docker', 'config.json'), '{ broken');
  expect(await engineAddresses({ env })).toContainEqual(expect.objectContaining({ address }));
});

test('stand-alone engines come before Docker, each with its rootless socket, and at last the one of Docker Desktop', () => {
  expect(usualSockets({ XDG_RUNTIME_DIR: '/run/user/7', HOME: '/home/me' }).map(({ path }) => path)).toEqual([
    '/run/buildkit/buildkitd.sock',
    '/run/user/7/buildkit/buildkitd.sock',
    '/var/run/docker.sock',
    '/run/user/7/docker.sock',
    '/home/me/.docker/run/docker.sock',
  ]);
  expect(usualSockets({ XDG_RUNTIME_DIR: '', HOME: '' })).toHaveLength(2);
});
