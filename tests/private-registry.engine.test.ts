import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { credentialHelper, dockerConfig, loggedIn, privateRegistry } from './support/private-registry.js';
import { testEngine } from './support/test-engine.js';
import { account } from './support/token-server.js';

/** Builds on an image of a registry, pushes there, and asks there what it has. */
const program = (host: string): string => `fs push() {
	image "${host}/base"
	run "echo of the build > /note"
	entrypoint "/bin/cat" "/note"
	dockerPush "${host}/team/app:v1" as pushed
}

string digest() {
	"\${pushed}"
}

string asked() {
	manifest "${host}/team/app:v1"
}
`;

function run(cwd: string, target: string, env: NodeJS.ProcessEnv): ReturnType<typeof cli> {
  return cli(['--engine', testEngine().address, 'run', '--log-output', 'plain', '-t', target], { cwd, env });
}

test.each(['basic', 'token'] as const)('hlb run on a private registry (%s): pull, push, and manifest', async (kind) => {
  const registry = await privateRegistry(kind, { base: true });
  const cwd = await folderWith({ 'build.hlb': program(registry.host) });
  const env = loggedIn(registry.host);
  const pushed = await run(cwd, 'digest', env);
  expect(pushed).toMatchObject({ code: 0 });
  const there = await registry.get('team/app/manifests/v1');
  expect(pushed.stdout.trim()).toBe(there.headers.get('docker-content-digest'));
  const asked = await run(cwd, 'asked', env);
  expect(asked).toMatchObject({ code: 0 });
  expect(JSON.parse(asked.stdout)).toEqual(await there.json());
});

test('hlb run with the identity token of a credential helper', async () => {
  const registry = await privateRegistry('token', { base: true });
  const cwd = await folderWith({ 'build.hlb': program(registry.host) });
  const config = dockerConfig({ credHelpers: { [registry.host]: 'tests' } });
  const env = credentialHelper(config, { Username: '<token>', Secret: account.refreshToken });
  expect(await run(cwd, 'digest', env)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sha256:/) });
  expect(await run(cwd, 'asked', env)).toMatchObject({ code: 0, stdout: expect.stringContaining('"layers"') });
});

test.each(['basic', 'token'] as const)(
  'a wrong password (%s) ends the run with the place, without it',
  async (kind) => {
    const registry = await privateRegistry(kind);
    const push = `fs push() {\n\tscratch\n\tmkfile "/a" 0o644 "${registry.host}"\n\tdockerPush "${registry.host}/app"\n}\n`;
    const asked = `string asked() {\n\tmanifest "${registry.host}/app"\n}\n`;
    const cwd = await folderWith({ 'build.hlb': `${push}\n${asked}` });
    const env = loggedIn(registry.host, 'not-the-word');
    for (const target of ['push', 'asked']) {
      const { code, stdout, stderr } = await run(cwd, target, env);
      expect(code).toBe(1);
      expect(stderr.replace(/\s+/g, ' ')).toMatch(
        target === 'push' ? `docker login ${registry.host}` : `${registry.host} does not let this user read app`,
      );
      expect(stderr).toMatch(target === 'push' ? /build\.hlb:4/ : /build\.hlb:8/);
      expect(stdout + stderr).not.toContain('not-the-word');
    }
  },
);
