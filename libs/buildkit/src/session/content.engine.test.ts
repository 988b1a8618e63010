import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec, file, imageSource, marshal, type Output, ociLayoutSource } from '@hlb/llb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { solve } from '../control/solve.js';
import type { Attributes, SolveOptions } from '../control/solve-request.js';
import { skipUnless } from '../fixtures/skip-unless.js';
import { OciLayout } from './content/oci-layout.js';
import { openSession, type Session } from './session.js';

const platform = { os: 'linux', architecture: 'amd64' };

let connection: Connection;
let session: Session;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'content-'));
  connection = await connect(testEngine().address);
  session = await openSession(connection);
});

afterEach(async () => {
  await session.close();
  await connection.close();
  rmSync(folder, { recursive: true });
});

async function build(output: Output | undefined, options: SolveOptions = {}): Promise<Attributes> {
  const definition = marshal(output, { platform });
  return await solve(connection, { definition, session: session.id, ...options }, { progress: false }).done;
}

const hello = (text: string): Output =>
  file({ base: undefined, actions: [{ kind: 'mkfile', path: '/hello', mode: 0o644, data: Buffer.from(text) }] });

test('OCI and Docker archives are received as files', async (context) => {
  await skipUnless(context, 'images');
  for (const type of ['oci', 'docker']) {
    const path = join(folder, `${type}.tar`);
    const target = session.addTarget({ exporterId: 0, kind: 'file', path });
    await build(hello(type), { exporters: [{ type, attrs: new Map([['name', 'docker.io/library/x:1']]) }] });
    await target.commit();
    expect(statSync(path).size).toBeGreaterThan(1000);
    expect(target.metadata.get('containerimage.digest')).toMatch(/^sha256:[0-9a-f]{64}$/);
  }
});

test('an image that is not packed becomes a layout, which can be a source', async (context) => {
  await skipUnless(context, 'images');
  await skipUnless(context, 'llb:source.ocilayout');
  const path = join(folder, 'layout');
  session.addContentStore({ id: 'export', path, writable: true });
  const response = await build(hello('from a layout'), {
    exporters: [{ type: 'oci', attrs: new Map([['tar', 'false']]) }],
  });
  const encoded = response.get('containerimage.descriptor') ?? '';
  const layout = new OciLayout(path);
  await layout.enter(JSON.parse(Buffer.from(encoded, 'base64').toString()), { tag: 'v1' });
  const found = await layout.resolve('v1');
  expect(readdirSync(join(path, 'blobs/sha256')).length).toBeGreaterThanOrEqual(3);
  expect(readdirSync(join(path, 'ingest'))).toEqual([]);

  session.addContentStore({ id: 'oci:store', path });
  const source = ociLayoutSource({
    ref: `example.com/x@${found?.digest}`,
    sessionId: session.id,
    storeId: 'store',
  });
  const out = join(folder, 'out');
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await build(source, { exporters: [{ type: 'local' }] });
  await target.commit();
  expect(readFileSync(join(out, 'hello'), 'utf8')).toBe('from a layout');
});

test('a local cache is exported and imported', async (context) => {
  await skipUnless(context, 'images');
  const dir = join(folder, 'cache');
  session.addContentStore({ id: `local:${dir}`, path: dir, writable: true });
  const step = exec({
    base: imageSource({ ref: `${testEngine().registry}/base` }),
    args: ['/bin/sh', '-c', `echo ${session.id} >/made`],
    env: [['PATH', '/bin']],
    cwd: '/',
  }).root;
  const cacheExports = [
    {
      type: 'local',
      attrs: new Map([
        ['dest', dir],
        ['mode', 'max'],
      ]),
    },
  ];
  const response = await build(step, { cacheExports });
  const layout = new OciLayout(dir);
  await layout.enter(JSON.parse(response.get('cache.manifest') ?? '{}'));
  const found = await layout.resolve('latest');
  expect(found?.digest).toMatch(/^sha256:/);
  const cacheImports = [
    {
      type: 'local',
      attrs: new Map([
        ['src', dir],
        ['digest', found?.digest ?? ''],
      ]),
    },
  ];
  await build(step, { cacheImports });
});
