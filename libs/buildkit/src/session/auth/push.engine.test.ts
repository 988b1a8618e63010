import { file, imageSource } from '@hlb/llb';
import { expect, test } from 'vitest';
import {
  credentialHelper,
  dockerConfig,
  loggedIn,
  type PrivateRegistry,
  privateRegistry,
} from '../../../../../tests/support/private-registry.js';
import { account } from '../../../../../tests/support/token-server.js';
import type { SolveOptions } from '../../control/solve-request.js';
import { attributes, base, json, mkfile, OnEngine } from '../../fixtures/on-engine.js';
import { skipUnless } from '../../fixtures/skip-unless.js';

const KINDS = ['basic', 'token'] as const;

/** An image exporter that pushes. */
function pushTo(registry: PrivateRegistry, name: string, attrs: Readonly<Record<string, string>> = {}): SolveOptions {
  const all = { name: `${registry.host}/${name}`, push: 'true', ...attrs };
  return { exporters: [{ type: 'image', attrs: attributes(all) }] };
}

/** A session that has the logins of a configuration. */
function withLogins(env: NodeJS.ProcessEnv, lines: string[] = []): Promise<OnEngine> {
  return OnEngine.open({ auth: { env, onProgress: (line) => lines.push(line) } });
}

/** Under which digest the registry has something. */
async function digestOf(registry: PrivateRegistry, name: string): Promise<string | null> {
  const answer = await registry.get(name);
  return answer.ok ? answer.headers.get('docker-content-digest') : `HTTP status ${answer.status}`;
}

test.for(KINDS)('%s: with the login of the configuration the registry has what was pushed', async (kind, context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry(kind);
  const lines: string[] = [];
  const on = await withLogins(loggedIn(registry.host), lines);
  const response = await on.build(mkfile('/note', on.mark), pushTo(registry, 'team/app:v1'));
  expect(await digestOf(registry, 'team/app/manifests/v1')).toBe(response.get('containerimage.digest'));
  expect(await (await registry.get('team/app/tags/list')).json()).toEqual({ name: 'team/app', tags: ['v1'] });
  if (kind === 'basic') {
    expect(lines).toContain(`[auth] sharing credentials for ${registry.host}`);
    return;
  }
  expect(lines).toContain(`[auth] team/app:pull,push token for ${registry.host}`);
  expect(registry.tokens).toContainEqual({
    ...{ method: 'POST', grant: 'password', granted: true },
    scopes: ['repository:team/app:pull,push'],
  });
  // The password went to the token server alone.
  expect(registry.seen.filter(({ authorization }) => authorization?.startsWith('Basic'))).toEqual([]);
});

test.for(KINDS)('%s: with the login of a credential helper', async (kind, context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry(kind);
  const config = dockerConfig({ credHelpers: { [registry.host]: 'tests' } });
  const on = await withLogins(credentialHelper(config, { Username: account.username, Secret: account.password }));
  const response = await on.build(mkfile('/note', on.mark), pushTo(registry, 'app'));
  expect(await digestOf(registry, 'app/manifests/latest')).toBe(response.get('containerimage.digest'));
});

test.for(['helper', 'configuration'] as const)(
  'an identity token of the %s stands for name and password',
  async (place, context) => {
    await skipUnless(context, 'images');
    const registry = await privateRegistry('token');
    const env =
      place === 'helper'
        ? credentialHelper(dockerConfig({ credsStore: 'tests' }), { Username: '<token>', Secret: account.refreshToken })
        : dockerConfig({ auths: { [registry.host]: { identitytoken: account.refreshToken } } });
    const on = await withLogins(env);
    const response = await on.build(mkfile('/note', on.mark), pushTo(registry, 'app'));
    expect(await digestOf(registry, 'app/manifests/latest')).toBe(response.get('containerimage.digest'));
    const grants = registry.tokens.filter(({ method }) => method === 'POST').map(({ grant }) => grant);
    expect(new Set(grants)).toEqual(new Set(['refresh_token']));
  },
);

test.for(KINDS)('%s: a wrong password, and none, are told without the password', async (kind, context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry(kind);
  const wrong = await withLogins(loggedIn(registry.host, 'not-the-word'));
  const error: unknown = await wrong.build(mkfile('/note', wrong.mark), pushTo(registry, 'app')).catch((e) => e);
  expect(error).toMatchObject({ name: 'BuildkitError', message: expect.stringContaining(`${registry.host}`) });
  expect(error).toMatchObject({ message: expect.stringMatching(/401|authoriz/i) });
  expect(JSON.stringify([String(error), error])).not.toMatch(/not-the-word|bm90LXRoZS13b3Jk/);

  const none = await withLogins(dockerConfig({}));
  await expect(none.build(mkfile('/note', none.mark), pushTo(registry, 'app'))).rejects.toThrow(/401|authoriz|denied/i);
  expect(await digestOf(registry, 'app/manifests/latest')).toBe('HTTP status 404');
});

test('token: those that expire during a push are fetched anew', async (context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry('token');
  const on = await withLogins(loggedIn(registry.host));
  registry.expireAfter(2);
  const response = await on.build(mkfile('/note', on.mark), pushTo(registry, 'app'));
  expect(await digestOf(registry, 'app/manifests/latest')).toBe(response.get('containerimage.digest'));
  expect(registry.tokens.length).toBeGreaterThan(1);
  expect(
    registry.seen.filter(({ authorization, status }) => authorization !== undefined && status === 401),
  ).not.toEqual([]);
});

test('token: what another repository of the registry has already is mounted from there', async (context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry('token');
  const on = await withLogins(loggedIn(registry.host));
  await on.build(mkfile('/first', on.mark), pushTo(registry, 'one/base'));
  const from = imageSource({ ref: `${registry.host}/one/base` });
  const actions = [{ kind: 'mkfile', path: '/second', mode: 0o644, data: Buffer.from(on.mark) }] as const;
  await on.build(file({ base: from, actions }), pushTo(registry, 'two/app'));
  const mounts = registry.seen.filter(({ path }) => path.includes('mount=') && path.includes('two/app'));
  expect(
    mounts.map(({ path, status }) => [new URLSearchParams(path.split('?')[1]).get('from'), status]),
  ).toContainEqual([...['one/base', 201]]);
  expect(registry.tokens.flatMap(({ scopes }) => scopes)).toContain('repository:one/base:pull');
});

test('token: it serves the next pull of the same user, and no other user', async (context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry('token');
  const env = loggedIn(registry.host);
  const first = await withLogins(env);
  await first.build(mkfile('/note', first.mark), pushTo(registry, 'app'));
  const pulled = imageSource({ ref: `${registry.host}/app` });
  await first.build(pulled);
  const [asked, seen] = [registry.tokens.length, registry.seen.length];
  // Another session of the same user shows with its key that it is that.
  const second = await withLogins(env);
  await second.build(pulled);
  expect(registry.tokens.slice(asked)).toEqual([]);
  expect(registry.seen.slice(seen).map(({ status }) => status)).toContain(200);
  const stranger = await withLogins(dockerConfig({}));
  await expect(stranger.build(pulled)).rejects.toThrow(/401|authoriz/i);
});

test('token: an engine that fetches its tokens itself does so with the credentials', async (context) => {
  await skipUnless(context, 'images');
  const registry = await privateRegistry('token');
  const lines: string[] = [];
  const on = await withLogins({ ...loggedIn(registry.host), BUILDKIT_NO_CLIENT_TOKEN: '1' }, lines);
  const response = await on.build(mkfile('/note', on.mark), pushTo(registry, 'app'));
  expect(lines).toContain(`[auth] sharing credentials for ${registry.host}`);
  expect(await digestOf(registry, 'app/manifests/latest')).toBe(response.get('containerimage.digest'));
});

test.for(KINDS)('%s: provenance is pushed beside the image', async (kind, context) => {
  await skipUnless(context, 'images');
  await skipUnless(context, 'llb:exporter.image.attestations');
  const registry = await privateRegistry(kind);
  const on = await withLogins(loggedIn(registry.host));
  const options = { ...pushTo(registry, 'app'), frontendAttrs: attributes({ 'attest:provenance': 'mode=max' }) };
  await on.build(base(), options);
  const index: { manifests: { digest: string; annotations?: Record<string, string> }[] } = JSON.parse(
    await (await registry.get('app/manifests/latest')).text(),
  );
  const attesting = index.manifests.find(({ annotations }) => annotations?.['vnd.docker.reference.type'] !== undefined);
  const manifest: { layers: { digest: string }[] } = JSON.parse(
    await (await registry.get(`app/manifests/${attesting?.digest}`)).text(),
  );
  const statement = json(await (await registry.get(`app/blobs/${manifest.layers[0]?.digest}`)).text());
  expect(statement['predicateType']).toMatch(/^https:\/\/slsa\.dev\/provenance\//);
});
