import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, diskUsage, prune } from '@hlb/buildkit';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { standAloneEngine } from '../../../../tests/support/stand-alone-engine.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

let count = 0;

/** A text that nothing else has. */
function fresh(name: string): string {
  count += 1;
  return `${name}-${process.pid}-${Date.now()}-${count}`;
}

/** A program whose targets each run a command of their own that takes time to be told from a cached one. */
function program(mark: string, targets: readonly string[], output = 'download'): string {
  const { registry } = testEngine();
  return targets
    .map((name) => {
      const put = output === 'push' ? `dockerPush "${registry}/${mark}-${name}:1"` : `download "out-${name}"`;
      return `fs ${name}() {\n\timage "${registry}/base"\n\trun "echo ${mark} ${name} > /made"\n\t${put}\n}\n`;
    })
    .join('\n');
}

async function run(cwd: string, targets: readonly string[], args: readonly string[], engine = testEngine().address) {
  const named = targets.flatMap((name) => ['-t', name]);
  return cli(['--engine', engine, 'run', '--log-output', 'plain', ...named, ...args], { cwd });
}

/** Lets the engine forget the results of the commands that have a text in them. */
async function forget(mark: string): Promise<void> {
  const connection = await connect(testEngine().address);
  try {
    const records = await diskUsage(connection, { filter: [`description~=${mark}`] });
    let removed = 0;
    const filter = records.map(({ id }) => `id==${id}`);
    for await (const _ of prune(connection, { all: true, filter })) removed += 1;
    expect(removed).toBeGreaterThan(0);
  } finally {
    await connection.close();
  }
}

/** Whether the run of each target came from a cache. */
function cached(stderr: string, mark: string, target: string): boolean {
  const number = new RegExp(`^#(\\d+) .*echo ${mark} ${target} `, 'm').exec(stderr)?.[1];
  return new RegExp(`^#${number} .*(CACHED|cached)`, 'm').test(stderr);
}

describe.each([
  ['one target', ['one']],
  ['several targets', ['one', 'two', 'three']],
])('a cache of %s', (_name, targets) => {
  test('in a registry: what another engine would find there is found again', async () => {
    const mark = fresh('registry');
    const ref = `${testEngine().registry}/caches/${mark}:main`;
    const cwd = await folderWith({ 'build.hlb': program(mark, targets) });
    const first = await run(cwd, targets, ['--cache-to', `type=registry,ref=${ref},mode=max`]);
    expect(first.code, first.stderr).toBe(0);
    const manifest = await fetch(`http://${testEngine().registry}/v2/caches/${mark}/manifests/main`, {
      headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' },
    });
    expect(manifest.status).toBe(200);
    await forget(mark);
    const again = await run(cwd, targets, []);
    for (const target of targets) expect(cached(again.stderr, mark, target)).toBe(false);
    await forget(mark);
    const second = await run(cwd, targets, ['--cache-from', ref]);
    expect(second.code, second.stderr).toBe(0);
    for (const target of targets) {
      expect(cached(second.stderr, mark, target), second.stderr).toBe(true);
      expect(readFileSync(join(cwd, `out-${target}`, 'made'), 'utf8')).toBe(`${mark} ${target}\n`);
    }
  });

  test('in a directory: an index with the tag, and the results', async () => {
    const mark = fresh('local');
    const cwd = await folderWith({ 'build.hlb': program(mark, targets) });
    const to = ['--cache-to', 'type=local,dest=cache,mode=max,tag=main'];
    const first = await run(cwd, targets, to);
    expect(first.code, first.stderr).toBe(0);
    const index: { manifests: readonly { digest: string; annotations: Record<string, string> }[] } = JSON.parse(
      readFileSync(join(cwd, 'cache/index.json'), 'utf8'),
    );
    expect(index.manifests.map(({ annotations }) => annotations['org.opencontainers.image.ref.name'])).toEqual([
      'main',
    ]);
    expect(existsSync(join(cwd, 'cache/blobs', index.manifests[0]?.digest.replace(':', '/') ?? 'none'))).toBe(true);
    await forget(mark);
    const second = await run(cwd, targets, ['--cache-from', 'type=local,src=cache,tag=main', ...to]);
    expect(second.code, second.stderr).toBe(0);
    for (const target of targets) expect(cached(second.stderr, mark, target), second.stderr).toBe(true);
  });

  test('inline in the image', async () => {
    const mark = fresh('inline');
    const cwd = await folderWith({ 'build.hlb': program(mark, targets, 'push') });
    const first = await run(cwd, targets, ['--cache-to', 'type=inline']);
    expect(first.code, first.stderr).toBe(0);
    await forget(mark);
    const from = targets.flatMap((name) => ['--cache-from', `${testEngine().registry}/${mark}-${name}:1`]);
    const second = await run(cwd, targets, from);
    expect(second.code, second.stderr).toBe(0);
    for (const target of targets) expect(cached(second.stderr, mark, target), second.stderr).toBe(true);
  });
});

test('several caches at once, in directories and a registry, each with its own results', async () => {
  const mark = fresh('both');
  const ref = `${testEngine().registry}/caches/${mark}:1`;
  const cwd = await folderWith({ 'build.hlb': program(mark, ['one']) });
  const places = ['type=local,dest=min', 'type=local,dest=max,mode=max', `type=registry,ref=${ref}`];
  const { code, stderr } = await run(
    cwd,
    ['one'],
    places.flatMap((place) => ['--cache-to', place]),
  );
  expect(code, stderr).toBe(0);
  for (const name of ['min', 'max']) {
    const index = JSON.parse(readFileSync(join(cwd, name, 'index.json'), 'utf8'));
    expect(existsSync(join(cwd, name, 'blobs', index.manifests[0].digest.replace(':', '/')))).toBe(true);
  }
  expect((await fetch(`http://${testEngine().registry}/v2/caches/${mark}/tags/list`)).status).toBe(200);
});

test('over the one connection of a stand-alone engine, from the configuration, a first time without a cache', async () => {
  const mark = fresh('config');
  const engine = await standAloneEngine(testEngine().address);
  const cwd = await folderWith({
    'build.hlb': program(mark, ['one']),
    'hlb.config.json': JSON.stringify({
      run: { cacheFrom: 'type=local,src=kept', cacheTo: ['type=local,dest=kept,mode=max'] },
    }),
  });
  const first = await run(cwd, ['one'], [], engine);
  expect(first.code, first.stderr).toBe(0);
  expect(first.stderr).toMatch(/warning: there is no cache latest in .*kept: nothing is taken from it/);
  await forget(mark);
  const second = await run(cwd, ['one'], [], engine);
  expect(second.stderr).not.toContain('warning');
  expect(cached(second.stderr, mark, 'one'), second.stderr).toBe(true);
});

test("a frontend's solve takes results from the cache, too", async () => {
  const mark = fresh('frontend');
  const dockerfile = `FROM ${testEngine().registry}/base\nRUN echo ${mark} one > /made\n`;
  const text =
    'fs one() {\n\tfrontend "dockerfile.v0" with option {\n\t\tinput "context" local("ctx")\n\t\tinput "dockerfile" local("ctx")\n\t}\n\tdownload "out-one"\n}\n';
  const cwd = await folderWith({ 'build.hlb': text, 'ctx/Dockerfile': dockerfile });
  const first = await run(cwd, ['one'], ['--cache-to', 'type=local,dest=cache,mode=max']);
  expect(first.code, first.stderr).toBe(0);
  await forget(mark);
  const second = await run(cwd, ['one'], ['--cache-from', 'type=local,src=cache']);
  expect(second.code, second.stderr).toBe(0);
  expect(cached(second.stderr, mark, 'one'), second.stderr).toBe(true);
});

test('a build that fails leaves the cache that is there', async () => {
  const mark = fresh('failing');
  const cwd = await folderWith({ 'build.hlb': program(mark, ['one', 'two']) });
  const to = ['--cache-to', 'type=local,dest=cache'];
  expect((await run(cwd, ['one', 'two'], to)).code).toBe(0);
  const before = readFileSync(join(cwd, 'cache/index.json'), 'utf8');
  const broken = await folderWith({
    'build.hlb': program(mark, ['one', 'two']).replace(`echo ${mark} two > /made`, 'exit 3'),
  });
  const failed = await run(broken, ['one', 'two'], ['--cache-to', `type=local,dest=${join(cwd, 'cache')}`]);
  expect(failed.code).toBe(1);
  expect(readFileSync(join(cwd, 'cache/index.json'), 'utf8')).toBe(before);
});

test('a cache that can not be exported fails the build with its place, unless it may', async () => {
  const mark = fresh('nowhere');
  const cwd = await folderWith({ 'build.hlb': program(mark, ['one', 'two']) });
  const nowhere = 'type=registry,ref=localhost:1/nothing';
  const failed = await run(cwd, ['one', 'two'], ['--cache-to', nowhere]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('the cache could not be exported to localhost:1/nothing');
  const ignored = await run(cwd, ['one', 'two'], ['--cache-to', `${nowhere},ignore-error=true`]);
  expect(ignored.code, ignored.stderr).toBe(0);
});

test('a step that is only known later to leave its sandbox is a part of the cache, too', async () => {
  const mark = fresh('late');
  const { registry } = testEngine();
  const text = `
fs pushed() { scratch; mkfile "/a" 0o644 "${mark}"; dockerPush "${registry}/${mark}:1" as pin; }
string net() { localRun "sleep 0.2; echo host # \${pin}"; }
fs one() { image "${registry}/base"; run "echo ${mark} one > /made"; download "out-one"; }
fs two() { image "${registry}/base"; run "echo ${mark} two > /made" with network(net); download "out-two"; }
`;
  const cwd = await folderWith({ 'build.hlb': text });
  const targets = ['one', 'two'];
  const first = await run(cwd, targets, ['--cache-to', 'type=local,dest=cache,mode=max']);
  expect(first.code, first.stderr).toBe(0);
  await forget(mark);
  const again = await run(cwd, targets, ['--cache-from', 'type=local,src=cache']);
  expect(again.code, again.stderr).toBe(0);
  for (const target of targets) expect(cached(again.stderr, mark, target)).toBe(true);
});
