import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { hasClassicStore } from '@hlb/buildkit';
import { known, type Step } from '@hlb/plan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { folder, mkfile, outputStep, run, runToFailure, shell } from '../fixtures/plans.js';
import { type Build, openBuild } from '../session/build.js';

let build: Build;

beforeAll(async () => {
  build = await openBuild({ address: testEngine().address });
});

afterAll(() => build.close());

const config = known(
  JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['A=b'], Cmd: ['/bin/x'], Labels: { made: 'here' } },
    rootfs: { type: 'layers', diff_ids: [] },
  }),
);

function tarNames(path: string): string[] {
  return execFileSync('tar', ['-tf', path]).toString().trim().split('\n');
}

function tarEntry(path: string, name: string): string {
  return execFileSync('tar', ['-xOf', path, name]).toString();
}

/** The engine's Docker API. */
async function docker(path: string): Promise<{ readonly status: number; readonly body: string }> {
  const socketPath = testEngine().address.replace('unix://', '');
  return new Promise((resolve, reject) => {
    request({ socketPath, path, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    })
      .on('error', reject)
      .end();
  });
}

/** Docker on its classic image store exports no images: told, with the way out, before anything is built. */
async function refused(steps: readonly Step[]): Promise<boolean> {
  if (!hasClassicStore(build.connection)) return false;
  const { error } = await runToFailure(build, steps);
  expect(error).toMatchObject({
    message: 'this Docker engine cannot export images',
    details: { reason: 'unsupported', help: 'Turn its containerd image store on.' },
  });
  return true;
}

test('a tar of the file system', async () => {
  const path = join(folder(), 'out.tar');
  const events = await run(build, [
    outputStep('tar-1', mkfile('/dir-less', 'content'), [{ kind: 'tar', path: known(path) }]),
  ]);
  expect(tarNames(path)).toEqual(['dir-less']);
  expect(tarEntry(path, 'dir-less')).toBe('content');
  expect(events.filter(({ kind }) => kind === 'output')).toMatchObject([
    { output: 'tar', destination: path, step: 'tar-1' },
  ]);
});

test('images as tar files, with their config, name and digest', async () => {
  const [oci, dockerTar] = [join(folder(), 'oci.tar'), join(folder(), 'docker.tar')];
  const ref = known('docker.io/library/made:1');
  const steps = [
    outputStep('oci-1', mkfile('/a', 'oci'), [{ kind: 'oci-tar', path: known(oci), config }]),
    outputStep('docker-1', mkfile('/a', 'docker'), [{ kind: 'docker-tar', path: known(dockerTar), ref, config }]),
  ];
  if (await refused(steps)) return;
  const events = await run(build, steps);
  const index = JSON.parse(tarEntry(oci, 'index.json'));
  const written = new Map(events.flatMap((event) => (event.kind === 'output' ? [[event.output, event]] : [])));
  expect(index.manifests[0].digest).toBe(written.get('oci-tar')?.digest);
  const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
  const manifest = JSON.parse(tarEntry(oci, blob(index.manifests[0].digest)));
  expect(JSON.parse(tarEntry(oci, blob(manifest.config.digest))).config).toMatchObject({ Labels: { made: 'here' } });
  expect(JSON.parse(tarEntry(dockerTar, 'manifest.json'))[0].RepoTags).toEqual(['made:1']);
  expect(written.get('docker-tar')?.digest).toMatch(/^sha256:/);
});

test('a push: the registry has what the event says', async () => {
  const name = `runtime-test-${process.pid}`;
  const ref = `${testEngine().registry}/${name}:v1`;
  const push = { kind: 'push', ref: known(ref), config, stargz: false, forceCompression: false } as const;
  const steps = [outputStep('push-1', mkfile('/pushed', 'yes'), [push])];
  if (await refused(steps)) return;
  const events = await run(build, steps);
  const output = events.find((event) => event.kind === 'output');
  expect(output).toMatchObject({ destination: ref, digest: expect.stringMatching(/^sha256:/) });
  const response = await fetch(`http://${testEngine().registry}/v2/${name}/manifests/v1`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
    },
  });
  expect(response.headers.get('docker-content-digest')).toBe(output?.digest);
  const [byEngine, byRegistry] = await Promise.all([build.facts.imageConfig({ ref }), build.facts.manifest({ ref })]);
  expect(JSON.parse(byEngine?.config ?? '{}').config).toMatchObject({ Env: ['A=b'], Labels: { made: 'here' } });
  expect(byRegistry).toMatchObject({ digest: output?.digest, config: byEngine?.config });
  expect(JSON.parse(byRegistry?.manifest ?? '{}').layers).toHaveLength(1);
  await expect(build.facts.manifest({ ref: `${ref}x` })).rejects.toThrow(/has no/);
});

test('a load: Docker has the image', async () => {
  const name = `runtime-loaded-${process.pid}:1`;
  await run(build, [outputStep('load-1', mkfile('/loaded', 'yes'), [{ kind: 'load', ref: known(name), config }])]);
  const { status, body } = await docker(`/images/${name}/json`);
  expect(status).toBe(200);
  expect(JSON.parse(body).Config).toMatchObject({ Cmd: ['/bin/x'], Labels: { made: 'here' } });
});

test('several outputs of one value are one solve', async () => {
  const root = folder();
  const outputs = [
    { kind: 'directory', path: known(join(root, 'dir')) },
    { kind: 'tar', path: known(join(root, 'out.tar')) },
    { kind: 'directory', path: known(join(root, 'dir2')) },
  ] as const;
  const events = await run(build, [outputStep('download-1', mkfile('/f', 'x'), outputs)]);
  expect(readFileSync(join(root, 'dir', 'f'), 'utf8')).toBe('x');
  expect(readFileSync(join(root, 'dir2', 'f'), 'utf8')).toBe('x');
  expect(tarNames(join(root, 'out.tar'))).toEqual(['f']);
  const { llbCaps } = await build.gateway();
  const solves = llbCaps.has('exporter.multiple') ? 1 : outputs.length;
  expect(events.filter(({ kind }) => kind === 'step-started')).toHaveLength(solves);
});

test('scratch is an empty folder, and an empty tar', async () => {
  const root = folder();
  await run(build, [
    outputStep('download-1', undefined, [{ kind: 'directory', path: known(join(root, 'dir')) }]),
    outputStep('download-2', undefined, [{ kind: 'tar', path: known(join(root, 'out.tar')) }]),
  ]);
  expect(readdirSync(join(root, 'dir'))).toEqual([]);
  expect(tarNames(join(root, 'out.tar'))).toEqual(['']);
});

test('a failing build leaves an earlier output as it was', async () => {
  const root = folder();
  writeFileSync(join(root, 'out.tar'), 'of before');
  const failing = shell(`echo ${Math.random()} > /a; exit 3`);
  const { error } = await runToFailure(build, [
    outputStep('tar-1', failing, [
      { kind: 'tar', path: known(join(root, 'out.tar')) },
      { kind: 'directory', path: known(join(root, 'dir')) },
    ]),
  ]);
  expect(error.details.exitCode).toBe(3);
  expect(readFileSync(join(root, 'out.tar'), 'utf8')).toBe('of before');
  expect(existsSync(join(root, 'dir'))).toBe(false);
  expect(readdirSync(root)).toEqual(['out.tar']);
});

test('a registry that is not there: the error names it', async () => {
  const push = { kind: 'push', ref: known('localhost:1/x:1'), config, stargz: false, forceCompression: false } as const;
  const steps = [outputStep('push-1', mkfile('/a', 'a'), [push])];
  if (await refused(steps)) return;
  const { error } = await runToFailure(build, steps);
  expect(error.details.reason).toBe('solve-failed');
  expect(error.message).toMatch(/localhost:1/);
});
