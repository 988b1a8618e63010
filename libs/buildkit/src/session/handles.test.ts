import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from './fixtures/fake-engine.js';
import { packet, REQ, STAT, stat } from './fixtures/fake-transfer.js';
import { handles, settledHandles } from './fixtures/handles.js';
import { openSession, type Session } from './session.js';

let folder: string;
let engine: FakeEngine;
let session: Session;
let before: readonly string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handles-'));
  before = handles();
  engine = new FakeEngine();
  session = await openSession(engine);
});

afterEach(async () => {
  await session.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

test('a session that was only opened', async () => {
  await session.close();
  expect(await settledHandles(before)).toEqual(before);
  await session.close();
});

test('closed amid a large file that the engine does not read', async () => {
  writeFileSync(join(folder, 'f'), Buffer.alloc(30_000_000));
  session.addDirectory({ name: 'src', path: folder });
  const call = engine.call('/moby.filesync.v1.FileSync/DiffCopy', { 'dir-name': 'src' });
  await call.next();
  call.stream.pause();
  call.send(packet({ type: REQ }));
  for (let i = 0; i < 20; i++) await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  await session.close();
  expect(await settledHandles(before)).toEqual(before);
});

test('closed amid an output, with a file half written', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'out') });
  const call = engine.call('/moby.filesync.v1.FileSend/DiffCopy');
  call.send(packet({ type: STAT, stat: stat('a', { size: 10_000_000n }) }));
  await call.next();
  for (let i = 0; i < 100; i++) call.send(packet({ type: 2, data: Buffer.alloc(32_768) }));
  for (let i = 0; i < 20; i++) await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  await session.close();
  await expect(target.done).rejects.toThrow();
  expect(await settledHandles(before)).toEqual(before);
  expect(readdirSync(folder)).toEqual([]);
});

test('closed with an archive under way, and with targets that nothing came for', async () => {
  session.addTarget({ exporterId: 0, kind: 'file', path: join(folder, 'x.tar') });
  const never = session.addTarget({ exporterId: 1, kind: 'directory', path: join(folder, 'made/out') });
  await never.prepare();
  const call = engine.call('/moby.filesync.v1.FileSend/DiffCopy');
  call.send(Buffer.from([0x0a, 1, 0x61]));
  for (let i = 0; i < 20; i++) await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  await session.close();
  expect(await settledHandles(before)).toEqual(before);
  expect(readdirSync(folder)).toEqual([]);
});

test('the engine dies amid everything', async () => {
  writeFileSync(join(folder, 'f'), Buffer.alloc(30_000_000));
  session.addDirectory({ name: 'src', path: folder });
  const call = engine.call('/moby.filesync.v1.FileSync/DiffCopy', { 'dir-name': 'src' });
  await call.next();
  call.send(packet({ type: REQ }));
  engine.call('/grpc.health.v1.Health/Watch').end();
  for (let i = 0; i < 5; i++) await call.next();
  await engine.close();
  await session.closed;
  await session.close();
  expect(await settledHandles(before)).toEqual(before);
});
