import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { marshal } from '@hlb/llb';
import { expect, onTestFinished, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { diskUsage, prune } from '../control/engine.js';
import type { CacheEntry, SolveOptions } from '../control/solve-request.js';
import { attributes, mkfile, OnEngine, platform, shell } from '../fixtures/on-engine.js';
import { serveCaches } from './served-caches.js';

/** What a step that never makes the same twice has made. */
async function made(on: OnEngine, options: SolveOptions = {}): Promise<string> {
  const step = shell(`: ${on.mark}; head -c 16 /dev/urandom | md5sum > /made`);
  const { path } = await on.receive(step, 'local', {}, options);
  return readFileSync(join(path, 'made'), 'utf8');
}

/** Makes the engine forget the step. */
async function forget(on: OnEngine): Promise<void> {
  // Filters of descriptions count for what is listed, not for what is pruned.
  const records = await diskUsage(on.connection, { filter: [`description~=${on.mark}`] });
  const pruned = [];
  const filter = records.map(({ id }) => `id==${id}`);
  for await (const { id } of prune(on.connection, { filter, all: true })) pruned.push(id);
  expect(pruned.length).toBeGreaterThan(0);
}

async function ends(on: OnEngine, exported: CacheEntry, imported: CacheEntry): Promise<void> {
  const step = shell(`: ${on.mark}; head -c 16 /dev/urandom | md5sum > /made`);
  const first = await made(on);
  expect(await made(on)).toBe(first);
  await on.build(step, { cacheExports: [exported] });
  await forget(on);
  expect(await made(on, { cacheImports: [imported] })).toBe(first);
  await forget(on);
  expect(await made(on)).not.toBe(first);
}

const entry = (type: string, attrs: Record<string, string>): CacheEntry => ({ type, attrs: attributes(attrs) });

/** How Docker's classic image store, which exports caches only inline, is told. */
const refusal = (type: string): object => ({
  code: 'UNIMPLEMENTED',
  message: expect.stringContaining(`exporting a cache of the type "${type}" is not supported by this engine: Docker`),
});

test('registry: what was made comes back, and only from there', async () => {
  const on = await OnEngine.open();
  const ref = `${testEngine().registry}/cache-${on.mark}`;
  const exported = entry('registry', { ref, mode: 'max' });
  if (!on.exportsImages) {
    await expect(on.build(shell(`: ${on.mark}`), { cacheExports: [exported] })).rejects.toMatchObject(
      refusal('registry'),
    );
    return;
  }
  await ends(on, exported, entry('registry', { ref }));
  const tags = await fetch(`http://${testEngine().registry}/v2/cache-${on.mark}/tags/list`);
  expect(await tags.json()).toMatchObject({ tags: ['latest'] });
});

test('inline: a pushed image is a cache', async () => {
  const on = await OnEngine.open();
  const ref = `${testEngine().registry}/inline-${on.mark}`;
  const push: SolveOptions = {
    exporters: [entry('image', { name: ref, push: 'true' })],
    cacheExports: [entry('inline', {})],
  };
  const step = shell(`: ${on.mark}; head -c 16 /dev/urandom | md5sum > /made`);
  if (!on.exportsImages) {
    await expect(on.build(step, push)).rejects.toThrow('the exporter "image" is not supported by this engine');
    return;
  }
  const first = await made(on);
  await on.build(step, push);
  await forget(on);
  expect(await made(on, { cacheImports: [entry('registry', { ref })] })).toBe(first);
});

test('local: a directory, by its tag; one that is not there is told and left out', async () => {
  const on = await OnEngine.open();
  const dir = on.path('cache');
  const step = shell(`: ${on.mark}; head -c 16 /dev/urandom | md5sum > /made`);
  const served = await serveCaches(on.session, {
    exports: [entry('local', { dest: dir, mode: 'max', tag: 'mine' })],
    imports: [entry('local', { src: on.path('nothing') })],
  });
  expect(served.imports).toEqual([]);
  expect(served.missing).toEqual([`the cache in ${on.path('nothing')} has nothing with the tag latest`]);
  if (!on.exportsImages) {
    await expect(on.build(step, { cacheExports: served.exports })).rejects.toMatchObject(refusal('local'));
    return;
  }
  const first = await made(on);
  await served.finish(await on.build(step, { cacheExports: served.exports }));
  expect(readdirSync(dir)).toEqual(expect.arrayContaining(['blobs', 'index.json', 'oci-layout']));
  await forget(on);
  const back = await serveCaches(on.session, { imports: [entry('local', { src: dir, tag: 'mine' })] });
  expect(back.missing).toEqual([]);
  expect(await made(on, { cacheImports: back.imports })).toBe(first);
});

test('a frontend imports caches too', async () => {
  const on = await OnEngine.open();
  const ref = `${testEngine().registry}/frontend-${on.mark}`;
  const run = `RUN : ${on.mark}; head -c 16 /dev/urandom | md5sum > /made`;
  const dockerfile = mkfile('/Dockerfile', `FROM ${testEngine().registry}/base\n${run}\n`);
  const frontend: SolveOptions = {
    frontend: 'dockerfile.v0',
    frontendInputs: new Map([
      ['context', marshal(undefined, { platform })],
      ['dockerfile', marshal(dockerfile, { platform })],
    ]),
  };
  const content = async (options: SolveOptions = {}): Promise<string> => {
    const { path } = await on.frontend('local', { ...frontend, ...options });
    return readFileSync(join(path, 'made'), 'utf8');
  };
  if (!on.exportsImages) {
    expect(await content({ cacheImports: [entry('registry', { ref })] })).toMatch(/^[0-9a-f]{32}/);
    return;
  }
  const first = await content({ cacheExports: [entry('registry', { ref, mode: 'max' })] });
  await forget(on);
  expect(await content({ cacheImports: [entry('registry', { ref })] })).toBe(first);
});

/** Enough of S3 for a cache: objects are put and got whole. */
async function s3(): Promise<{ readonly url: string; readonly objects: Map<string, Buffer> }> {
  const objects = new Map<string, Buffer>();
  const server = http.createServer((request, response) => {
    const key = new URL(request.url ?? '/', 'http://s3').pathname;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const object = objects.get(key);
      if (request.method === 'PUT') {
        objects.set(key, Buffer.concat(chunks));
        response.writeHead(200, { etag: '"x"' }).end();
      } else if (object === undefined) {
        const none = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>';
        response.writeHead(404, { 'content-type': 'application/xml' }).end(request.method === 'HEAD' ? '' : none);
      } else {
        const [, from] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
        const part = object.subarray(Number(from ?? 0));
        const headers = { 'content-length': part.length, 'last-modified': new Date().toUTCString() };
        response.writeHead(from === undefined ? 200 : 206, headers).end(request.method === 'HEAD' ? undefined : part);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://localhost:${typeof address === 'object' ? address?.port : 0}`, objects };
}

test('s3: where the engine has it, by its attributes', async () => {
  const on = await OnEngine.open();
  const { url, objects } = await s3();
  const env = { AWS_REGION: 'here', AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's' };
  const attrs = { bucket: 'b', endpoint_url: url, use_path_style: 'true', mode: 'max' };
  const { imports, exports } = await serveCaches(
    on.session,
    { imports: [entry('s3', attrs)], exports: [entry('s3', attrs)] },
    env,
  );
  const [exported, imported] = [exports[0], imports[0]];
  if (exported === undefined || imported === undefined) throw new Error('an entry is lost');
  if (on.connection.kind === 'docker') {
    await expect(on.build(shell(`: ${on.mark}`), { cacheExports: [exported] })).rejects.toThrow(
      /unknown cache exporter: "s3"|a cache in S3 is not supported by this engine/,
    );
    return;
  }
  await ends(on, exported, imported);
  expect([...objects.keys()].some((key) => key.startsWith('/b/blobs/'))).toBe(true);
  expect([...objects.keys()]).toContain('/b/manifests/buildkit');
});
