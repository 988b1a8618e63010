import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from './fixtures/fake-engine.js';
import { receiveDirectory, sendEntries, stat } from './fixtures/fake-transfer.js';
import { openSession, type Session } from './session.js';
import type { TransferEvent } from './transfers.js';

let engine: FakeEngine;
let session: Session;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-'));
  engine = new FakeEngine();
  session = await openSession(engine);
});

afterEach(async () => {
  await session.close();
  await engine.close();
  await rm(folder, { recursive: true });
});

test('names itself and its methods in the headers', () => {
  expect(session.id).toMatch(/^[0-9a-z]{25}$/);
  expect(engine.headers).toContainEqual(['X-Docker-Expose-Session-Uuid', session.id]);
  expect(engine.headers).toContainEqual(['X-Docker-Expose-Session-Grpc-Method', '/moby.filesync.v1.FileSync/DiffCopy']);
  expect(engine.headers).toContainEqual(['X-Docker-Expose-Session-Grpc-Method', '/grpc.health.v1.Health/Check']);
});

test('answers the health check', async () => {
  expect(await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array())).toEqual(Buffer.from([8, 1]));
});

test('unknown methods are unimplemented', async () => {
  await expect(engine.unary('/some.Service/Method', new Uint8Array())).rejects.toThrow('12: unknown method');
});

test('sends a directory', async () => {
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'a.txt'), 'hello');
  await writeFile(join(folder, 'sub/big'), Buffer.alloc(1_000_000, 'x'));
  session.addDirectory({ name: 'src', path: folder });
  const events: TransferEvent[] = [];
  session.onTransfer((event) => events.push(event));
  const { entries, status } = await receiveDirectory(engine, { 'dir-name': 'src' });
  expect(status).toEqual({ code: 0, message: '' });
  expect(entries.map((entry) => [entry.stat.path, entry.content?.length])).toEqual([
    ['a.txt', 5],
    ['sub', undefined],
    ['sub/big', 1_000_000],
  ]);
  expect(entries[0]?.content?.toString()).toBe('hello');
  expect(events.at(-1)).toMatchObject({ state: 'done', entries: 3, files: 2, bytes: 1_000_005, direction: 'send' });
});

test('unknown directories are refused', async () => {
  const { status } = await receiveDirectory(engine, { 'dir-name': 'other' });
  expect(status).toEqual({ code: 5, message: 'no access allowed to dir "other"' });
});

test('receives a directory', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'out') });
  const { status } = await sendEntries(engine, 0, [
    { stat: stat('bin', { mode: 0x80000000 + 0o755 }) },
    { stat: stat('bin/tool', { mode: 0o755, size: 3n }), content: Buffer.from('abc') },
    { stat: stat('big', { size: 2_000_000n }), content: Buffer.alloc(2_000_000, 'y') },
  ]);
  expect(status.code).toBe(13);
  await expect(target.done).rejects.toThrow('out of order');
  await target.discard();
  expect(await readdir(folder)).toEqual([]);
});

test('receives a directory in order', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'out') });
  const { status } = await sendEntries(engine, 0, [
    { stat: stat('big', { size: 2_000_000n }), content: Buffer.alloc(2_000_000, 'y') },
    { stat: stat('bin', { mode: 0x80000000 + 0o755 }) },
    { stat: stat('bin/tool', { mode: 0o755, size: 3n }), content: Buffer.from('abc') },
  ]);
  expect(status).toEqual({ code: 0, message: '' });
  expect(await target.commit()).toEqual({ files: 2, bytes: 2_000_003 });
  expect(await readdir(folder)).toEqual(['out']);
  expect(await readFile(join(folder, 'out/bin/tool'), 'utf8')).toBe('abc');
});

/** Two ends of a stream that is no socket, which cuts its bytes anywhere, as the engine's control connection may. */
function duplexPair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        for (let at = 0; at < chunk.length; at += 1021) other().push(chunk.subarray(at, at + 1021));
        setImmediate(done);
      },
      final: (done) => {
        other().push(null);
        done();
      },
    });
  const a: Duplex = make(() => b);
  const b: Duplex = make(() => a);
  return [a, b];
}

test('works on any duplex', async () => {
  const fake = new FakeEngine(() => Promise.resolve(duplexPair()));
  const other = await openSession(fake);
  await writeFile(join(folder, 'big'), Buffer.alloc(3_000_000, 'big'));
  other.addDirectory({ name: 'src', path: folder });
  const { entries, status } = await receiveDirectory(fake, { 'dir-name': 'src' });
  expect(status.code).toBe(0);
  expect(entries[0]?.content?.equals(Buffer.alloc(3_000_000, 'big'))).toBe(true);
  const target = other.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'out') });
  expect((await sendEntries(fake, 0, entries)).status.code).toBe(0);
  await target.commit();
  expect((await readFile(join(folder, 'out/big'))).length).toBe(3_000_000);
  await other.close();
  expect(await other.closed).toBeUndefined();
  await fake.close();
});
