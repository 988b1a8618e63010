import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

// What outputs do is looked at with other tools: tar, the registry's API, the Docker Engine's API.

/** Runs a target of a program that may use `base` and `app`, in a folder of its own. */
async function run(program: string, target: string, files: Readonly<Record<string, string>> = {}) {
  const image = `fs base() {\n\timage "${testEngine().registry}/base"\n}\n\n`;
  const app = `fs app() {\n\tbase\n\tmkfile "/hello" 0o644 "hi"\n\tenv "GREETING" "hi"\n\tentrypoint "/bin/cat" "/hello"\n\tlabel "made.by" "hlb"\n}\n\n`;
  const cwd = await folderWith({ 'build.hlb': image + app + program, ...files });
  const result = await cli(['--engine', testEngine().address, 'run', '--log-output', 'plain', '-t', target], { cwd });
  return { cwd, ...result };
}

function listing(tar: string): string[] {
  return execFileSync('tar', ['-tf', tar], { encoding: 'utf8' }).trim().split('\n');
}

function member(tar: string, name: string): unknown {
  return JSON.parse(execFileSync('tar', ['-xOf', tar, name], { encoding: 'utf8', maxBuffer: 1 << 26 }));
}

function dockerApi(path: string): Promise<unknown> {
  const socketPath = testEngine().address.replace(/^unix:\/\//, '');
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

test('downloadTarball: the file system as a tar, in a folder that is made for it', async () => {
  const { cwd, code } = await run('fs t() {\n\tapp\n\tdownloadTarball "deep/er/fs.tar"\n}\n', 't');
  expect(code).toBe(0);
  expect(listing(join(cwd, 'deep/er/fs.tar'))).toContain('hello');
});

test('downloadOCITarball: an OCI layout with the image config', async () => {
  const { cwd, code } = await run('fs t() {\n\tapp\n\tdownloadOCITarball "image.tar"\n}\n', 't');
  expect(code).toBe(0);
  const tar = join(cwd, 'image.tar');
  expect(listing(tar)).toEqual(expect.arrayContaining(['index.json', 'oci-layout']));
  const index = member(tar, 'index.json') as { manifests: { digest: string }[] };
  const blob = (digest: string): unknown => member(tar, `blobs/${digest.replace(':', '/')}`);
  const manifest = blob(index.manifests[0]?.digest ?? '') as { config: { digest: string } };
  expect(blob(manifest.config.digest)).toMatchObject({
    os: 'linux',
    config: { Entrypoint: ['/bin/cat', '/hello'], Labels: { 'made.by': 'hlb' } },
  });
});

test("downloadDockerTarball: what docker load reads, under the image's name", async () => {
  const { cwd, code } = await run('fs t() {\n\tapp\n\tdownloadDockerTarball "image.tar" "example/tarred:1"\n}\n', 't');
  expect(code).toBe(0);
  const [image] = member(join(cwd, 'image.tar'), 'manifest.json') as { RepoTags: string[] }[];
  expect(image?.RepoTags).toEqual(['example/tarred:1']);
});

test('dockerPush: the registry has it, and the bound digest is the one that it was pushed under', async () => {
  const { registry } = testEngine();
  const name = `pushed-${Date.now()}`;
  const program = `fs p() {\n\tapp\n\tdockerPush "${registry}/${name}:1" as digest\n}\nstring t() {\n\t"\${digest}"\n}\n`;
  const { code, stdout, stderr } = await run(program, 't');
  expect(stderr).toMatch(/pushed /);
  expect(code).toBe(0);
  const response = await fetch(`http://${registry}/v2/${name}/manifests/1`, {
    headers: {
      accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  expect(response.status).toBe(200);
  expect(stdout).toBe(`${response.headers.get('docker-content-digest')}\n`);
});

test('dockerLoad: the engine knows the image by its name', async () => {
  const name = `example/loaded-${Date.now()}:1`;
  const { code, stderr } = await run(`fs t() {\n\tapp\n\tdockerLoad "${name}"\n}\n`, 't');
  expect(stderr).toMatch(/loaded {2}example/);
  expect(code).toBe(0);
  const image = (await dockerApi(`/images/${name}/json`)) as { Config: { Entrypoint: string[]; Env: string[] } };
  expect(image.Config.Entrypoint).toEqual(['/bin/cat', '/hello']);
  expect(image.Config.Env).toContain('GREETING=hi');
});

test('several outputs of one run all come, each to its place', async () => {
  const program =
    'fs one() {\n\tapp\n\tdownload "a"\n\tdownload "b"\n\tdownloadTarball "c.tar"\n}\nfs two() {\n\tscratch\n\tmkfile "/two" 0o600 "2"\n\tdownload "d"\n}\npipeline t() {\n\tstage one two\n}\n';
  const { cwd, code } = await run(program, 't');
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'a/hello'), 'utf8')).toBe('hi');
  expect(readFileSync(join(cwd, 'b/hello'), 'utf8')).toBe('hi');
  expect(listing(join(cwd, 'c.tar'))).toContain('hello');
  expect(readdirSync(join(cwd, 'd'))).toEqual(['two']);
  expect(statSync(join(cwd, 'd/two')).mode & 0o777).toBe(0o600);
});

test('stages run one after the other: what an earlier one wrote, a later one reads', async () => {
  const program =
    'fs first() {\n\tscratch\n\tmkfile "/made" 0o644 "by the first"\n\tdownload "shared"\n}\nfs second() {\n\tscratch\n\tcopy local("shared") "made" "/seen"\n\tdownload "out"\n}\npipeline t() {\n\tstage first\n\tstage second\n}\n';
  const { cwd, code } = await run(program, 't', { 'shared/made': 'before' });
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'out/seen'), 'utf8')).toBe('by the first');
});

test('a secret is there for its run, and in nothing else: not in the result, not in the output', async () => {
  const program =
    'fs t() {\n\tbase\n\trun "cat /run/token | wc -c > /length" with option {\n\t\tsecret "token" "/run/token"\n\t}\n\tdownload "out"\n}\n';
  const secret = `very-secret-${Date.now()}`;
  const { cwd, code, stdout, stderr } = await run(program, 't', { token: secret });
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'out/length'), 'utf8').trim()).toBe(String(secret.length));
  expect(stdout + stderr).not.toContain(secret);
  const stub = join(cwd, 'out/run/token');
  expect(existsSync(stub) ? readFileSync(stub, 'utf8') : '').not.toContain(secret);
});

test('a cache mount keeps its content between runs, a bound mount gives its own', async () => {
  const id = `cache-${Date.now()}`;
  const step = (mark: string): string =>
    `fs t() {\n\tbase\n\trun "echo ${mark} >> /cache/log; cp /cache/log /out/log" with option {\n\t\tmount scratch "/cache" with cache("${id}", "shared")\n\t\tmount scratch "/out" as logs\n\t}\n}\nfs u() {\n\tlogs\n\tdownload "out"\n}\n`;
  await run(step('one'), 'u');
  const { cwd, code } = await run(step('two'), 'u');
  expect(code).toBe(0);
  expect(readFileSync(join(cwd, 'out/log'), 'utf8')).toBe('one\ntwo\n');
});

test('a command on this host, its environment and its output in the program', async () => {
  const program = 'string t() {\n\tlocalRun "echo from-$(basename $PWD | cut -c1-8)"\n}\n';
  const { code, stdout } = await run(program, 't');
  expect(code).toBe(0);
  expect(stdout).toBe('from-hlb-test\n');
});
