import { PassThrough } from 'node:stream';
import { exec, file, imageSource, marshal, type Output } from '@hlb/llb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { engineCapabilities } from '../capabilities/engine-capabilities.js';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { openSession } from '../session/session.js';
import { diskUsage, engineVersion, listWorkers } from './engine.js';
import { buildHistory } from './history/history.js';
import { solve } from './solve.js';
import { newRef, type Solve } from './start-solve.js';
import type { StatusUpdate } from './status.js';

const platform = { os: 'linux', architecture: 'amd64' };
let connection: Connection;

beforeAll(async () => {
  connection = await connect(testEngine().address);
});

afterAll(() => connection.close());

function shell(command: string): Output {
  const base = imageSource({ ref: `${testEngine().registry}/base` });
  return exec({ base, args: ['/bin/sh', '-c', command], env: [['PATH', '/bin']], cwd: '/' }).root ?? base;
}

function mkfile(path: string, content: string): Output {
  return file({ base: undefined, actions: [{ kind: 'mkfile', path, mode: 0o644, data: Buffer.from(content) }] });
}

/** Engines from 0.11 do, and tell details of errors. */
async function keepsHistory(): Promise<boolean> {
  return (await engineCapabilities(connection)).llb.has('source.policy');
}

async function news(build: Solve): Promise<StatusUpdate[]> {
  const list: StatusUpdate[] = [];
  for await (const update of build.updates) list.push(update);
  return list;
}

test('the engine names its kind, its worker, and from 0.11 on its version', async () => {
  const direct = { kind: 'buildkit', via: 'direct' };
  expect(connection).toMatchObject(connection.kind === 'docker' ? { kind: 'docker' } : direct);
  expect(connection.workers[0]?.platforms[0]).toMatchObject({ OS: 'linux' });
  expect((await listWorkers(connection)).map(({ ID }) => ID)).toEqual(connection.workers.map(({ ID }) => ID));
  const version = await engineVersion(connection);
  expect(version?.package).toBe((await keepsHistory()) ? 'github.com/moby/buildkit' : undefined);
});

test('a file: its vertex comes, and completes; the cache has a record of it', async () => {
  const build = solve(connection, { definition: marshal(mkfile('/a', newRef()), { platform }) });
  await build.done;
  const vertices = (await news(build)).flatMap((update) => update.vertices);
  expect(vertices.at(-1)).toMatchObject({ name: 'mkfile /a', error: '' });
  expect(vertices.at(-1)?.completed).toBeGreaterThan(0);
  // Docker 20.10 describes no record.
  expect(await diskUsage(connection, { filter: (await keepsHistory()) ? ['description~=mkfile'] : [] })).not.toEqual(
    [],
  );
});

test('a command: its output, in order', async () => {
  const mark = newRef();
  const build = solve(connection, { definition: marshal(shell(`echo ${mark}; echo oops >&2`), { platform }) });
  await build.done;
  const logs = (await news(build)).flatMap((update) => update.logs);
  const text = (stream: string): string =>
    Buffer.concat(logs.filter((log) => log.stream === stream).map((log) => log.data)).toString();
  expect(text('stdout')).toBe(`${mark}\n`);
  expect(text('stderr')).toBe('oops\n');
});

test('a failing command: exit code, vertex, source places, and its news to the end', async () => {
  const mark = newRef();
  const root = shell(`echo ${mark}; exit 42`);
  const plain = marshal(root, { platform });
  const failing = plain.digests.at(-2);
  if (failing === undefined) throw new Error('no exec');
  const definition = {
    ...plain,
    source: {
      infos: [{ filename: 'build.hlb', data: Buffer.from('fs default() {}'), language: 'HLB' }],
      locations: new Map([
        [failing, [{ sourceIndex: 0, ranges: [{ start: { line: 3, character: 2 }, end: { line: 3, character: 9 } }] }]],
      ]),
    },
  };
  const build = solve(connection, { definition });
  const error = await build.done.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(BuildkitError);
  expect(error).toMatchObject({ message: expect.stringContaining('exit code: 42') });
  const attached = {
    exitCode: 42,
    vertices: [failing],
    sources: [
      {
        file: 'build.hlb',
        language: 'HLB',
        data: Buffer.from('fs default() {}'),
        ranges: [{ start: { line: 3, character: 2 }, end: { line: 3, character: 9 } }],
      },
    ],
  };
  expect(error).toMatchObject({ details: (await keepsHistory()) ? attached : {} });
  const updates = await news(build);
  expect(Buffer.concat(updates.flatMap(({ logs }) => logs.map(({ data }) => data))).toString()).toBe(`${mark}\n`);
  expect(updates.flatMap(({ vertices }) => vertices).at(-1)?.error).toMatch(/exit code: 42/);
});

test('cancelling ends the command on the engine', async () => {
  const controller = new AbortController();
  const mark = newRef();
  const output = shell(`echo ${mark}; sleep 1000`);
  const build = solve(connection, { definition: marshal(output, { platform }) }, { signal: controller.signal });
  const failed = build.done.catch((thrown: unknown) => thrown);
  for await (const { logs } of build.updates) if (logs.length > 0) controller.abort(new Error('enough'));
  expect(await failed).toMatchObject({ message: 'enough' });
  if (!(await keepsHistory())) return;
  for await (const { kind, record } of buildHistory(connection, { ref: build.ref, follow: true })) {
    if (kind !== 'completed') continue;
    expect(record.error?.message).toMatch(/cancel/);
    break;
  }
});

test('a ref that is taken is refused at once', async () => {
  const definition = marshal(shell(`echo ${newRef()}; sleep 1000`), { platform });
  const controller = new AbortController();
  const first = solve(connection, { definition }, { signal: controller.signal });
  const failed = first.done.catch(() => undefined);
  for await (const { vertices } of first.updates) {
    if (vertices.length === 0) continue;
    await expect(solve(connection, { definition, ref: first.ref }, { progress: false }).done).rejects.toThrow(/exists/);
    controller.abort(new Error('done'));
  }
  await failed;
});

test('downloads side by side over sessions of their own never mix', async () => {
  const names = Array.from({ length: 6 }, (_, index) => `content-${index}-${newRef()}`);
  const received = await Promise.all(
    names.map(async (name) => {
      const session = await openSession(connection);
      try {
        const chunks: Buffer[] = [];
        const sink = new PassThrough();
        sink.on('data', (chunk: Buffer) => chunks.push(chunk));
        const target = session.addTarget({ exporterId: 0, kind: 'stream', sink });
        const definition = marshal(mkfile('/name', name), { platform });
        await solve(connection, { definition, session: session.id, exporters: [{ type: 'tar' }] }).done;
        await target.commit();
        return Buffer.concat(chunks).toString();
      } finally {
        await session.close();
      }
    }),
  );
  for (const [index, tar] of received.entries()) {
    expect(tar).toContain(names[index]);
    for (const other of names) if (other !== names[index]) expect(tar).not.toContain(other);
  }
});
