import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbortRequest,
  DeleteContentRequest,
  InfoRequest,
  InfoResponse,
  ListContentRequest,
  ListContentResponse,
  ListStatusesResponse,
  ReadContentRequest,
  ReadContentResponse,
  StatusRequest,
  StatusResponse,
  UpdateRequest,
  UpdateResponse,
  WriteAction,
  WriteContentRequest,
  WriteContentResponse,
} from '@hlb/proto/content';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine, type FakeStatus } from '../fixtures/fake-engine.js';
import { openSession, type Session } from '../session.js';

const PREFIX = '/containerd.services.content.v1.Content/';

let engine: FakeEngine;
let session: Session;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'content-'));
  engine = new FakeEngine();
  session = await openSession(engine);
  session.addContentStore({ id: 'export', path: folder, writable: true });
  session.addContentStore({ id: 'oci:ro', path: folder });
});

afterEach(async () => {
  await session.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

const sha256 = (data: Uint8Array): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;

function blob(content: string | Buffer): string {
  const data = Buffer.from(content);
  const digest = sha256(data);
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  writeFileSync(join(folder, 'blobs/sha256', digest.slice(7)), data);
  return digest;
}

async function unary(method: string, request: Uint8Array, store = 'export'): Promise<Buffer> {
  return await engine.unary(`${PREFIX}${method}`, request, { 'buildkit-attachable-store-id': store });
}

async function read(
  digest: string,
  offset = 0n,
  size = 0n,
): Promise<{ data: Buffer; offsets: bigint[]; status: FakeStatus }> {
  const call = engine.call(`${PREFIX}Read`, { 'buildkit-attachable-store-id': 'oci:ro' });
  call.send(ReadContentRequest.encode({ digest, offset, size }).finish());
  call.end();
  const chunks: Buffer[] = [];
  const offsets: bigint[] = [];
  for (let message = await call.next(); message; message = await call.next()) {
    const response = ReadContentResponse.decode(message);
    chunks.push(Buffer.from(response.data));
    offsets.push(response.offset);
  }
  return { data: Buffer.concat(chunks), offsets, status: await call.status };
}

/** One write call; requests are sent one by one, each answer is awaited. */
async function write(
  requests: readonly Partial<WriteContentRequest>[],
  store = 'export',
): Promise<{ answers: WriteContentResponse[]; status: FakeStatus }> {
  const call = engine.call(`${PREFIX}Write`, { 'buildkit-attachable-store-id': store });
  const answers: WriteContentResponse[] = [];
  for (const request of requests) {
    call.send(WriteContentRequest.encode(WriteContentRequest.fromPartial(request)).finish());
    const answer = await call.next();
    if (!answer) break;
    answers.push(WriteContentResponse.decode(answer));
  }
  call.end();
  return { answers, status: await call.status };
}

test('info and lists', async () => {
  const digest = blob('hello');
  const { info } = InfoResponse.decode(await unary('Info', InfoRequest.encode({ digest }).finish(), 'oci:ro'));
  expect(info).toMatchObject({ digest, size: 5n });
  expect(info?.createdAt?.seconds).toBeGreaterThan(1_700_000_000n);
  const more = Array.from({ length: 150 }, (_, i) => blob(`blob ${i}`));
  writeFileSync(join(folder, 'blobs/sha256/not-a-digest'), '');
  const call = engine.call(`${PREFIX}List`, { 'buildkit-attachable-store-id': 'export' });
  call.send(ListContentRequest.encode({ filters: [] }).finish());
  call.end();
  const listed: string[] = [];
  for (let message = await call.next(); message; message = await call.next()) {
    const batch = ListContentResponse.decode(message).info;
    expect(batch.length).toBeLessThanOrEqual(100);
    listed.push(...batch.map((entry) => entry.digest));
  }
  expect(listed.sort()).toEqual([digest, ...more].sort());
});

test('reads, whole and in ranges', async () => {
  const content = Buffer.alloc(2_500_000, 'content');
  const digest = blob(content);
  const whole = await read(digest);
  expect(whole.data.equals(content)).toBe(true);
  expect(whole.offsets).toEqual([0n, 1_048_576n, 2_097_152n]);
  expect((await read(digest, 10n, 5n)).data.toString()).toBe(content.subarray(10, 15).toString());
  expect((await read(digest, 2_499_990n, 1000n)).data.length).toBe(10);
  expect((await read(digest, 2_500_000n)).data.length).toBe(0);
  expect((await read(digest, 2_500_001n)).status.code).toBe(11);
});

test('what is not there, and what is no digest', async () => {
  const absent = sha256(Buffer.from('absent'));
  expect((await read(absent)).status.code).toBe(5);
  await expect(unary('Info', InfoRequest.encode({ digest: absent }).finish())).rejects.toMatchObject({
    status: { code: 5 },
  });
  writeFileSync(join(folder, 'secret'), 'x');
  for (const digest of [
    '',
    'sha256:../../secret',
    'sha256:',
    `sha256:${'A'.repeat(64)}`,
    '../x:00',
    'constructor:x',
    `${absent}:x`,
  ]) {
    expect((await read(digest)).status.code).toBe(3);
  }
});

test('stores are told apart', async () => {
  const digest = blob('x');
  const request = InfoRequest.encode({ digest }).finish();
  await expect(engine.unary(`${PREFIX}Info`, request)).rejects.toMatchObject({ status: { code: 3 } });
  await expect(unary('Info', request, 'oci:other')).rejects.toMatchObject({ status: { code: 5 } });
  session.removeContentStore('oci:ro');
  await expect(unary('Info', request, 'oci:ro')).rejects.toMatchObject({ status: { code: 5 } });
});

test('a store that may only be read', async () => {
  const digest = blob('x');
  expect((await write([{ ref: 'r', data: Buffer.from('y') }], 'oci:ro')).status.code).toBe(7);
  await expect(unary('Delete', DeleteContentRequest.encode({ digest }).finish(), 'oci:ro')).rejects.toMatchObject({
    status: { code: 7 },
  });
  expect(existsSync(join(folder, 'blobs/sha256', digest.slice(7)))).toBe(true);
});

test('writes a blob as engines do', async () => {
  const data = Buffer.alloc(3_000_000, 'layer');
  const digest = sha256(data);
  const half = data.subarray(0, 1_000_000);
  const { answers, status } = await write([
    { action: WriteAction.STAT, ref: 'r', total: 3_000_000n, expected: digest },
    { action: WriteAction.WRITE, ref: 'r', offset: 0n, data: half },
    { action: WriteAction.WRITE, ref: 'r', offset: 1_000_000n, data: data.subarray(1_000_000, 2_000_000) },
    {
      action: WriteAction.COMMIT,
      ref: 'r',
      offset: 2_000_000n,
      data: data.subarray(2_000_000),
      total: 3_000_000n,
      expected: digest,
    },
  ]);
  expect(status.code).toBe(0);
  expect(answers.map(({ action, offset, digest: so }) => [action, offset, so])).toEqual([
    [WriteAction.STAT, 0n, sha256(Buffer.alloc(0))],
    [WriteAction.WRITE, 1_000_000n, sha256(half)],
    [WriteAction.WRITE, 2_000_000n, sha256(data.subarray(0, 2_000_000))],
    [WriteAction.COMMIT, 3_000_000n, digest],
  ]);
  expect(readFileSync(join(folder, 'blobs/sha256', digest.slice(7))).equals(data)).toBe(true);
  expect(readdirSync(join(folder, 'ingest'))).toEqual([]);
});

test('a blob that exists is not written again', async () => {
  const digest = blob('here');
  expect((await write([{ action: WriteAction.STAT, ref: 'r', expected: digest }])).status.code).toBe(6);
  const late = await write([
    { action: WriteAction.WRITE, ref: 'r', data: Buffer.from('here') },
    { action: WriteAction.COMMIT, ref: 'r', offset: 4n },
  ]);
  expect(late.status.code).toBe(6);
  expect(readdirSync(join(folder, 'ingest'))).toEqual([]);
});

test('what is not what was announced is no blob', async () => {
  const wrong = await write([
    { action: WriteAction.WRITE, ref: 'r', data: Buffer.from('abc'), expected: sha256(Buffer.from('other')) },
    { action: WriteAction.COMMIT, ref: 'r', offset: 3n },
  ]);
  expect(wrong.status.code).toBe(9);
  const short = await write([
    { action: WriteAction.WRITE, ref: 's', data: Buffer.from('abc'), total: 5n },
    { action: WriteAction.COMMIT, ref: 's', offset: 3n },
  ]);
  expect(short.status).toMatchObject({ code: 9, message: 's: got 3 bytes instead of 5' });
  expect(readdirSync(join(folder, 'ingest'))).toEqual([]);
  expect(existsSync(join(folder, 'blobs'))).toBe(false);
});

test('offsets, restarts, refs, locks, statuses and aborts', async () => {
  expect((await write([{ data: Buffer.from('x') }])).status.code).toBe(3);
  expect((await write([{ action: WriteAction.WRITE, ref: 'r', offset: 5n, data: Buffer.from('x') }])).status.code).toBe(
    11,
  );
  const call = engine.call(`${PREFIX}Write`, { 'buildkit-attachable-store-id': 'export' });
  const send = async (request: Partial<WriteContentRequest>): Promise<WriteContentResponse> => {
    call.send(WriteContentRequest.encode(WriteContentRequest.fromPartial(request)).finish());
    return WriteContentResponse.decode((await call.next()) ?? new Uint8Array());
  };
  expect((await send({ action: WriteAction.WRITE, ref: 'w', data: Buffer.from('wrong start') })).offset).toBe(11n);
  expect((await write([{ action: WriteAction.STAT, ref: 'w' }])).status.code).toBe(14);
  expect((await send({ action: WriteAction.WRITE, ref: 'w', data: Buffer.from('right') })).offset).toBe(5n);
  const { status } = StatusResponse.decode(await unary('Status', StatusRequest.encode({ ref: 'w' }).finish()));
  expect(status).toMatchObject({ ref: 'w', offset: 5n });
  expect(
    ListStatusesResponse.decode(await unary('ListStatuses', new Uint8Array())).statuses.map(({ ref }) => ref),
  ).toEqual(['r', 'w']);
  call.end();
  await call.status;
  // What was written stays, for another call to go on with.
  const resumed = await write([
    { action: WriteAction.STAT, ref: 'w' },
    { action: WriteAction.COMMIT, ref: 'w', offset: 5n },
  ]);
  expect(resumed.answers.map(({ offset }) => offset)).toEqual([5n, 5n]);
  expect(resumed.answers[1]?.digest).toBe(sha256(Buffer.from('right')));
  await write([{ action: WriteAction.WRITE, ref: 'a', data: Buffer.from('x') }]);
  await unary('Abort', AbortRequest.encode({ ref: 'a' }).finish());
  await expect(unary('Abort', AbortRequest.encode({ ref: 'a' }).finish())).rejects.toMatchObject({
    status: { code: 5 },
  });
  await expect(unary('Status', StatusRequest.encode({ ref: 'a' }).finish())).rejects.toMatchObject({
    status: { code: 5 },
  });
});

test('labels are taken and mean nothing; blobs are deleted', async () => {
  const digest = blob('x');
  const request = UpdateRequest.encode(
    UpdateRequest.fromPartial({ info: { digest, labels: new Map([['containerd.io/gc.ref.content', 'y']]) } }),
  ).finish();
  expect(UpdateResponse.decode(await unary('Update', request)).info).toMatchObject({ digest, size: 1n });
  await unary('Delete', DeleteContentRequest.encode({ digest }).finish());
  await expect(unary('Delete', DeleteContentRequest.encode({ digest }).finish())).rejects.toMatchObject({
    status: { code: 5 },
  });
});

test('what is half written goes with the session', async () => {
  await write([{ action: WriteAction.WRITE, ref: 'r', data: Buffer.from('half') }]);
  expect(readdirSync(join(folder, 'ingest')).length).toBe(1);
  await session.close();
  expect(readdirSync(join(folder, 'ingest'))).toEqual([]);
});
