import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Packet } from '@hlb/proto/fsutil';
import { expect, test } from 'vitest';
import type { FakeCall } from '../fixtures/fake-engine.js';
import { DATA, ERR, packet, REQ, receiveDirectory } from '../fixtures/fake-transfer.js';
import { sessionForEachTest } from '../fixtures/open-session.js';

/* What all transfers of a session have written, and the engine not read, is bounded together, and none keeps another. */

const on = sessionForEachTest();
const SYNC = '/moby.filesync.v1.FileSync/DiffCopy';
const HEALTH = '/grpc.health.v1.Health/Check';

const PLACES = 10;
const BIG = 60_000_000;

/** Folders with a large file each, by their names. */
function folders(): readonly string[] {
  return Array.from({ length: PLACES }, (_, i) => {
    const path = join(on.folder, String(i));
    mkdirSync(path);
    writeFileSync(join(path, 'f'), String(i));
    truncateSync(join(path, 'f'), BIG);
    on.session.addDirectory({ name: `big-${i}`, path });
    return `big-${i}`;
  });
}

/** Asks for the file of a folder, and reads nothing of it. */
async function unread(name: string): Promise<FakeCall> {
  const call = on.engine.call(SYNC, { 'dir-name': name });
  for (let i = 0; i < 2; i++) await call.next();
  call.stream.pause();
  call.send(packet({ type: REQ }));
  return call;
}

/** Lets time pass in which other calls are answered. */
async function answersHealth(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await on.engine.unary(HEALTH, new Uint8Array());
}

test('of many large files that nobody reads, little is in memory', async () => {
  const names = folders();
  const before = process.memoryUsage().arrayBuffers;
  const calls: FakeCall[] = [];
  for (const name of names) calls.push(await unread(name));
  await answersHealth(300);
  // An open window of the peer for each, of 1 MiB, and what waits for it here: a share of each, and one limit for all.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
  for (const call of calls) call.cancel();
});

test('those that nobody reads keep no other', async () => {
  const names = folders();
  const calls: FakeCall[] = [];
  for (const name of names.slice(1)) calls.push(await unread(name));
  await answersHealth(50);
  const { entries, status } = await receiveDirectory(on.engine, { 'dir-name': 'big-0' });
  expect(status.code).toBe(0);
  expect(entries[0]?.content?.length).toBe(BIG);
  // And those go on from where they are.
  const [other] = calls;
  if (other === undefined) throw new Error('no other transfer');
  other.stream.resume();
  for (let bytes = 0; bytes < BIG; ) {
    const message = await other.next();
    if (message === undefined) throw new Error('the transfer ended');
    const { type, data } = Packet.decode(message);
    if (type === DATA) bytes += data.length;
  }
  for (const call of calls) call.cancel();
});

test.each<[string, Parameters<typeof packet>[0], string]>([
  ['says that it fails', { type: ERR, data: Buffer.from('disk full') }, 'could not take the files: disk full'],
  ['breaks the protocol', { type: DATA, data: Buffer.from('x') }, 'a packet of type 2 to a sender'],
])('an engine that %s and reads nothing any more is not waited for', async (_name, fields, message) => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    writeFileSync(join(on.folder, name), '');
    truncateSync(join(on.folder, name), BIG);
  }
  on.session.addDirectory({ name: 'src', path: on.folder });
  const call = on.engine.call(SYNC, { 'dir-name': 'src' });
  for (let i = 0; i < 6; i++) await call.next();
  call.stream.pause();
  for (const ID of [0, 1, 2]) call.send(packet({ type: REQ, ID }));
  await answersHealth(50);
  call.send(packet(fields));
  await expect.poll(() => on.events.at(-1)).toMatchObject({ state: 'failed', error: { code: 'protocol' } });
  call.stream.resume();
  expect((await call.status).message).toContain(message);
});

test('many at once arrive whole, each as it is', async () => {
  const all = await Promise.all(
    folders().map((name) =>
      receiveDirectory(on.engine, { 'dir-name': name }).then(({ entries }) => entries[0]?.content),
    ),
  );
  for (const [i, content] of all.entries()) {
    expect(content?.length).toBe(BIG);
    expect(content?.subarray(0, 2)).toEqual(Buffer.from([0x30 + i, 0]));
    expect(content?.indexOf(1)).toBe(-1);
  }
});

test('a session that is closed amid them all ends', async () => {
  for (const name of folders()) await unread(name);
  await answersHealth(20);
  await on.session.close();
  expect(await on.session.closed).toBeUndefined();
  expect(on.events.filter(({ state }) => state === 'failed')).toHaveLength(PLACES);
});
