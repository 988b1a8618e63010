import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { file, marshal } from '@hlb/llb';
import { expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { attributes, json, mkfile, OnEngine, platform, shell, tarFile, tarNames } from '../fixtures/on-engine.js';
import { solve } from './solve.js';

const config = JSON.stringify({
  ...{ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
  config: { Cmd: ['hello'], Labels: { a: 'b' } },
});

/** A directory with a file of a mode, a link and an empty directory. */
const tree = file({
  base: undefined,
  actions: [
    { kind: 'mkdir', path: '/dir', mode: 0o750 },
    { kind: 'mkfile', path: '/dir/file', mode: 0o640, data: Buffer.from('content') },
    { kind: 'mkdir', path: '/empty', mode: 0o755 },
  ],
});

interface Manifest {
  readonly mediaType: string;
  readonly annotations?: Record<string, string>;
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
}

/** A manifest by the API of the registry of the tests. */
async function pulled(name: string, reference: string): Promise<Manifest> {
  const Accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const answer = await fetch(`http://${testEngine().registry}/v2/${name}/manifests/${reference}`, {
    headers: { Accept },
  });
  const manifest: Manifest = JSON.parse(await answer.text());
  return manifest;
}

async function blob(name: string, digest: string): Promise<Buffer> {
  const answer = await fetch(`http://${testEngine().registry}/v2/${name}/blobs/${digest}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Asks Docker itself, over its own API. */
function docker(path: string): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const socketPath = testEngine().address.replace('unix://', '');
    http
      .get({ socketPath, path, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() }));
      })
      .on('error', reject);
  });
}

test('local: files, modes and directories stand on the disk', async () => {
  const on = await OnEngine.open();
  const { path } = await on.receive(tree, 'local');
  expect(readFileSync(join(path, 'dir/file'), 'utf8')).toBe('content');
  expect(statSync(join(path, 'dir/file')).mode & 0o777).toBe(0o640);
  expect(statSync(join(path, 'dir')).mode & 0o777).toBe(0o750);
  expect(readdirSync(join(path, 'empty'))).toEqual([]);
});

test("tar: what the system's tar reads", async () => {
  const on = await OnEngine.open();
  const { path } = await on.receive(tree, 'tar');
  expect(tarNames(path)).toEqual(['dir/', 'dir/file', 'empty/']);
  expect(tarFile(path, 'dir/file').toString()).toBe('content');
});

test.each(['oci', 'docker'] as const)('%s: an archive of the image, with its config', async (type) => {
  const on = await OnEngine.open();
  const attrs = { name: 'docker.io/library/hello:1', 'containerimage.config': config };
  if (!on.exportsImages) {
    await expect(on.receive(tree, type, attrs)).rejects.toThrow(
      `the exporter "${type}" is not supported by this engine`,
    );
    return;
  }
  const { path, target } = await on.receive(tree, type, attrs);
  const index = json(tarFile(path, 'index.json'));
  expect(index).toMatchObject({
    manifests: [
      {
        digest: target.metadata.get('containerimage.digest'),
        annotations: { 'io.containerd.image.name': 'docker.io/library/hello:1' },
      },
    ],
  });
  const digest = target.metadata.get('containerimage.digest')?.replace(':', '/') ?? '';
  const manifest: Manifest = JSON.parse(tarFile(path, `blobs/${digest}`).toString());
  expect(json(tarFile(path, `blobs/${manifest.config.digest.replace(':', '/')}`))).toMatchObject({
    config: { Cmd: ['hello'], Labels: { a: 'b' } },
  });
  const layer = tarFile(path, `blobs/${manifest.layers[0]?.digest.replace(':', '/')}`);
  expect(execFileSync('tar', ['-xzOf', '-', 'dir/file'], { input: layer }).toString()).toBe('content');
  if (type === 'docker') {
    expect(JSON.parse(tarFile(path, 'manifest.json').toString())).toMatchObject([
      { RepoTags: ['hello:1'], Layers: [expect.any(String)] },
    ]);
  }
});

test('image: pushed to a registry, which has it then, its layers as they were asked for', async () => {
  const on = await OnEngine.open();
  const name = `pushed-${on.mark}`;
  const attrs = attributes({
    name: `${testEngine().registry}/${name}:v1`,
    push: 'true',
    'containerimage.config': config,
    'oci-mediatypes': 'true',
    compression: 'zstd',
    'force-compression': 'true',
    'annotation.org.example.note': 'noted',
  });
  const pushing = on.build(mkfile('/file', on.mark), { exporters: [{ type: 'image', attrs }] });
  if (!on.exportsImages) {
    await expect(pushing).rejects.toThrow('not supported by this engine');
    return;
  }
  const response = await pushing;
  const digest = response.get('containerimage.digest') ?? '';
  expect(await pulled(name, 'v1')).toEqual(await pulled(name, digest));
  const manifest = await pulled(name, 'v1');
  expect(manifest.annotations).toMatchObject({ 'org.example.note': 'noted' });
  expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual(['application/vnd.oci.image.layer.v1.tar+zstd']);
  expect(json(await blob(name, manifest.config.digest))).toMatchObject({ config: { Cmd: ['hello'] } });
  expect((await blob(name, manifest.layers[0]?.digest ?? '')).length).toBeGreaterThan(10);
});

test('image: a registry that is not there fails the build', async () => {
  const on = await OnEngine.open();
  const attrs = attributes({ name: 'localhost:1/x', push: 'true' });
  const error = await on
    .build(mkfile('/a', on.mark), { exporters: [{ type: 'image', attrs }] })
    .catch((thrown) => thrown);
  expect(error).toMatchObject({
    name: 'BuildkitError',
    message: expect.stringMatching(
      on.exportsImages ? /localhost:1.*refused/s : /the exporter "image" is not supported by this engine/,
    ),
  });
});

test("moby: among Docker's images, where there is a Docker", async () => {
  const on = await OnEngine.open();
  const name = `loaded-${on.mark}`;
  const attrs = attributes({ name, 'containerimage.config': config });
  const loading = on.build(mkfile('/file', on.mark), { exporters: [{ type: 'moby', attrs }] });
  if (on.connection.kind === 'buildkit') {
    await expect(loading).rejects.toThrow('exporter "moby" could not be found');
    return;
  }
  await loading;
  const { status, body } = await docker(`/images/${name}/json`);
  expect(status).toBe(200);
  expect(json(body)).toMatchObject({
    RepoTags: [`${name}:latest`],
    Config: { Cmd: ['hello'], Labels: { a: 'b' } },
  });
});

test('moby: a step that fails, and a build that is cancelled, leave no image', async (context) => {
  const on = await OnEngine.open();
  if (on.connection.kind === 'buildkit') context.skip('no exporter moby: it is one of Docker');
  const name = `failed-${on.mark}`;
  const attrs = attributes({ name, 'containerimage.config': config });
  const exporters = [{ type: 'moby', attrs }];
  await expect(on.build(shell(`: ${on.mark}; exit 7`), { exporters })).rejects.toMatchObject({
    name: 'BuildkitError',
    details: { exitCode: 7 },
  });
  const controller = new AbortController();
  const running = on.start(shell(`echo ${on.mark}; sleep 1000`), { exporters }, controller.signal);
  const cancelled = running.done.catch((thrown: unknown) => thrown);
  for await (const { logs } of running.updates) if (logs.length > 0) controller.abort(new Error('enough'));
  expect(await cancelled).toMatchObject({ message: 'enough' });
  expect((await docker(`/images/${name}/json`)).status).toBe(404);
});

test('several at once, each where it belongs', async () => {
  const on = await OnEngine.open();
  const name = `several-${on.mark}`;
  const [dir, tar, oci] = ['dir', 'all.tar', 'oci.tar'].map((one) => on.path(one));
  const targets = [
    on.session.addTarget({ exporterId: 0, kind: 'directory', path: dir ?? '' }),
    on.session.addTarget({ exporterId: 1, kind: 'file', path: tar ?? '' }),
    on.session.addTarget({ exporterId: 3, kind: 'file', path: oci ?? '' }),
  ];
  const push = { type: 'image', attrs: attributes({ name: `${testEngine().registry}/${name}`, push: 'true' }) };
  const exporters = [{ type: 'local' }, { type: 'tar' }, push, { type: 'oci' }];
  const building = on.build(mkfile('/file', on.mark), { exporters });
  if (!on.caps.llb.has('exporter.multiple') || !on.exportsImages) {
    await expect(building).rejects.toThrow(
      /(more than one output of a build|the exporter "image") is not supported by this engine/,
    );
    return;
  }
  await building;
  for (const target of targets) await target.commit();
  expect(readFileSync(join(dir ?? '', 'file'), 'utf8')).toBe(on.mark);
  expect(tarFile(tar ?? '', 'file').toString()).toBe(on.mark);
  expect(tarNames(oci ?? '')).toContain('index.json');
  expect((await pulled(name, 'latest')).layers).toHaveLength(1);
});

test('times that are fixed: two builds of different times give the same image', async () => {
  const on = await OnEngine.open();
  if (!on.exportsImages) {
    await expect(on.receive(tree, 'oci', { 'source-date-epoch': '0' })).rejects.toThrow(
      /(fixed time.*|the exporter "oci") is not supported by this engine/,
    );
    return;
  }
  const made = async (): Promise<string | undefined> => {
    const root = shell(`: ${on.mark}; date > /dev/null; echo x > /file`, { ignoreCache: true });
    const { target } = await on.receive(root, 'oci', { 'source-date-epoch': '86400', 'rewrite-timestamp': 'true' });
    return target.metadata.get('containerimage.digest');
  };
  const first = await made();
  expect(first).toMatch(/^sha256:/);
  expect(await made()).toBe(first);
});

test('what no engine has is told by name', async () => {
  const on = await OnEngine.open();
  const definition = marshal(tree, { platform });
  const build = solve(on.connection, { definition, exporters: [{ type: 'teleport' }] });
  await expect(build.done).rejects.toThrow('exporter "teleport" could not be found');
});
