import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from './support/cli.js';
import { buildPackages, npm, pack } from './support/packed.js';

const examples = ['examples/passes/pin-images', 'examples/passes/policy', 'examples/passes/mirror-and-cache'];

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

const program = `fs default() {
	image "alpine:3.20"
	run "npm ci" with option {
		network "host"
		security "insecure"
	}
}
`;

/** A project in which the packages are installed as from a registry. */
let cwd: string;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'hlb-examples-'));
  await buildPackages(['libs/ir', ...examples]);
  const tarballs = await pack(cwd, ['libs/ir', ...examples]);
  writeFileSync(join(cwd, 'package.json'), '{ "private": true }');
  await npm(cwd, 'install', '--cache', join(cwd, 'cache'), ...tarballs);
  writeFileSync(join(cwd, 'build.hlb'), program);
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** The IR of the program with a configuration. */
async function irWith(config: object, ...args: readonly string[]) {
  writeFileSync(join(cwd, 'hlb.config.json'), JSON.stringify(config));
  return cli(['dump', '--offline', '--stage', 'ir', ...args], { cwd });
}

test.each(examples)('%s passes its own tests', async (folder) => {
  expect(await npm(join(import.meta.dirname, '..', folder), 'test')).toMatch(/^# fail 0$/m);
});

describe('installed in a project', () => {
  test('policy refuses, at the source line, and also at -O0', async () => {
    const config = { passes: [{ pass: 'hlb-pass-policy' }] };
    for (const level of ['1', '0']) {
      const { code, stdout, stderr } = await irWith(config, '-O', level);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/build\.hlb:2:8[\s\S]*image "alpine:3\.20"/);
      expect(stderr).toMatch(/build\.hlb:4:11[\s\S]*network "host"/);
      expect(stderr).toMatch(/build\.hlb:5:12[\s\S]*security "insecure"/);
      expect(stderr).toMatch(/3 errors/);
    }
    const allow = ['insecure', 'host-network', 'unpinned'];
    const allowed = await irWith({ passes: [{ pass: 'hlb-pass-policy', options: { allow } }] });
    expect({ code: allowed.code, stderr: allowed.stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('pin-images pins by the lock file, and needs nobody for it', async () => {
    const config = (lock: object): object => ({ passes: [{ pass: 'hlb-pass-pin-images', options: { lock } }] });
    const pinned = await irWith(config({ 'alpine:3.20': digest }));
    expect({ code: pinned.code, stderr: pinned.stderr }).toEqual({ code: 0, stderr: '' });
    expect(pinned.stdout).toContain(`image "alpine:3.20@${digest}"`);
    const unlocked = await irWith(config({}));
    expect(unlocked.code).toBe(1);
    expect(unlocked.stderr).toMatch(
      /there is no digest for alpine:3\.20[\s\S]*build\.hlb:2:8[\s\S]*run hlb-pin-images/,
    );
    const broken = await irWith(config({ 'alpine:3.20': 'latest' }));
    expect(broken.stderr).toMatch(/HLB0613[\s\S]*option lock\.alpine:3\.20 of the pass pin-images/);
  });

  test('policy is content with what pin-images pinned', async () => {
    const { code, stderr } = await irWith({
      passes: [
        { pass: 'hlb-pass-policy', options: { allow: ['insecure', 'host-network'] }, after: 'pin-images' },
        { pass: 'hlb-pass-pin-images', options: { lock: { 'alpine:3.20': digest } } },
      ],
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('hlb-pin-images writes the lock file with what registries say', async () => {
    const facts = {
      registry: {
        'docker.io/library/alpine:3.20': { digest, manifest: '{"schemaVersion":2}', config: '{"os":"linux"}' },
      },
    };
    writeFileSync(join(cwd, 'facts.json'), JSON.stringify(facts));
    // In place of the command `hlb`: this test's own CLI, by what it is asked.
    writeFileSync(join(cwd, 'hlb'), `#!/bin/sh\nprintf '%s\\n' "$@" > asked\ncat answer\n`, { mode: 0o755 });
    const command = 'hlb-pin-images';
    const lockFile = join(cwd, 'images.lock.json');
    const main = async (): Promise<number | null> => {
      const child = spawn(join(cwd, 'node_modules/.bin', command), ['build.hlb', '--facts', 'facts.json'], {
        cwd,
        env: { ...process.env, HLB: './hlb' },
        stdio: 'ignore',
      });
      return new Promise((resolve) => child.once('exit', resolve));
    };
    writeFileSync(join(cwd, 'answer'), '');
    await main();
    const asked = readFileSync(join(cwd, 'asked'), 'utf8').trimEnd().split('\n');
    const answer = await cli(asked, { cwd });
    expect({ code: answer.code, stderr: answer.stderr }).toEqual({ code: 0, stderr: '' });
    writeFileSync(join(cwd, 'answer'), answer.stdout);
    expect(await main()).toBe(0);
    expect(JSON.parse(readFileSync(lockFile, 'utf8'))).toEqual({ 'alpine:3.20': digest });
  });

  test('mirror-and-cache rewrites images and adds caches, down to the LLB', async () => {
    const options = { mirrors: ['docker.io=mirror.example:5000/hub'], caches: ['/root/.npm'] };
    const config = { passes: [{ pass: 'hlb-pass-mirror-and-cache', options }] };
    const { stdout } = await irWith(config);
    expect(stdout).toContain('image "mirror.example:5000/hub/library/alpine:3.20"');
    expect(stdout).toContain('"/root/.npm" cache=("packages:/root/.npm", "shared")');
    const llb = (await irWith(config, '--stage', 'llb', '--json')).stdout;
    expect(llb).toContain('docker-image://mirror.example:5000/hub/library/alpine:3.20');
    expect(llb).toMatch(/"dest":"\/root\/\.npm"/);
    const listed = await cli(['passes'], { cwd });
    expect(listed.stdout).toMatch(
      /^mirror-and-cache +optional, from hlb-pass-mirror-and-cache@0\.1\.0\n[\s\S]*^share-values/m,
    );
  });

  test('all of them run by --pass, each from its package', async () => {
    rmSync(join(cwd, 'hlb.config.json'), { force: true });
    const { code, stderr } = await cli(
      [
        'passes',
        '--pass',
        'hlb-pass-policy',
        '--pass',
        `hlb-pass-pin-images:{"lock":{}}`,
        '--pass',
        'hlb-pass-mirror-and-cache',
      ],
      { cwd },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
