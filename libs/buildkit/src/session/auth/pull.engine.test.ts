import { readdirSync } from 'node:fs';
import { exec, imageSource } from '@hlb/llb';
import { expect, test } from 'vitest';
import { dockerConfig, loggedIn, privateRegistry } from '../../../../../tests/support/private-registry.js';
import { login } from '../../../../../tests/support/token-server.js';
import { OnEngine } from '../../fixtures/on-engine.js';

/** Pulls what can't be in the engine's cache: the image under this registry's own name. */
async function pull(host: string, env: NodeJS.ProcessEnv, lines: string[] = []): Promise<void> {
  const on = await OnEngine.open({ auth: { env, onProgress: (line) => lines.push(line) } });
  const image = imageSource({ ref: `${host}/base` });
  await on.build(exec({ base: image, args: ['true', host], env: [['PATH', '/bin']], cwd: '/' }).root);
}

test('basic authentication: refused without a login, pulled with it', async () => {
  const { host } = await privateRegistry('basic', { base: true });
  await expect(pull(host, dockerConfig({}))).rejects.toThrow(/401|authoriz/i);
  const lines: string[] = [];
  await pull(host, loggedIn(host), lines);
  expect(lines).toContain(`[auth] sharing credentials for ${host}`);
});

test('a token server: the token is fetched here, and the password goes to no registry', async () => {
  const { host, tokens, seen } = await privateRegistry('token', { base: true });
  await expect(pull(host, loggedIn(host, 'wrong'))).rejects.toThrow(`cannot get a token for ${host}`);
  const env = loggedIn(host);
  const lines: string[] = [];
  await pull(host, env, lines);
  expect(lines).toContain(`[auth] base:pull token for ${host}`);
  expect(tokens).toContainEqual({ method: 'POST', grant: 'password', scopes: ['repository:base:pull'], granted: true });
  // The engine knows who may use the token again: it has asked for our key, and the seed was kept.
  expect(readdirSync(env['DOCKER_CONFIG'] ?? '').sort()).toEqual(['.token_seed', 'config.json']);
  expect(seen.map(({ authorization }) => authorization)).not.toContain(`Basic ${login()}`);
});
