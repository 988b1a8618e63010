import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { DATA, ERR, FIN, packet, REQ, receiveDirectory } from '../fixtures/fake-transfer.js';
import { tickingClock } from '../fixtures/ticking-clock.js';
import { openSession, type Session } from '../session.js';
import type { TransferEvent } from '../transfers.js';

const METHOD = '/moby.filesync.v1.FileSync/DiffCopy';

let engine: FakeEngine;
let session: Session;
let root: string;
let events: TransferEvent[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'file-sync-'));
  engine = new FakeEngine();
  session = await openSession(engine);
  events = [];
  session.onTransfer((event) => events.push(event));
});

afterEach(async () => {
  process.seteuid?.(0);
  await session.close();
  await engine.close();
  rmSync(root, { recursive: true, force: true });
});

const receive = (
  metadata: Record<string, string | string[]> = {},
  options: Parameters<typeof receiveDirectory>[2] = {},
): ReturnType<typeof receiveDirectory> => receiveDirectory(engine, { 'dir-name': 'src', ...metadata }, options);

test('sizes around chunks, blocks and the limit of small files arrive as they are', async () => {
  const sizes = [0, 1, 32767, 32768, 32769, 131071, 131072, 131073, 524288, 524289, 540672, 1_100_000, 3_000_001];
  const contents = new Map<string, Buffer>();
  for (const size of sizes) {
    const content = Buffer.alloc(size);
    for (let i = 0; i < size; i += 997) content.writeUInt8(i % 251, i);
    contents.set(`f${size}`, content);
    writeFileSync(join(root, `f${size}`), content);
  }
  session.addDirectory({ name: 'src', path: root });
  const { entries, status } = await receive();
  expect(status.code).toBe(0);
  expect(entries.length).toBe(sizes.length);
  for (const entry of entries)
    expect(entry.content?.equals(contents.get(entry.stat.path) ?? Buffer.alloc(1))).toBe(true);
});

test('a sparse file is sent as it reads', async () => {
  writeFileSync(join(root, 'sparse'), 'x');
  truncateSync(join(root, 'sparse'), 5_000_000);
  session.addDirectory({ name: 'src', path: root });
  const { entries } = await receive();
  expect(entries[0]?.content?.length).toBe(5_000_000);
  expect(entries[0]?.content?.subarray(1).every((byte) => byte === 0)).toBe(true);
});

test('the engine gets what it asks for within what was registered', async () => {
  for (const file of ['a.ts', 'b.md', 'secret.ts', 'sub/c.ts']) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), file);
  }
  session.addDirectory({ name: 'src', path: root, include: ['**/*.ts'], exclude: ['secret*'] });
  const all = await receive();
  expect(all.entries.map((entry) => entry.stat.path)).toEqual(['a.ts', 'sub', 'sub/c.ts']);
  const asked = await receive({ 'include-patterns': ['*'], 'exclude-patterns': ['sub', '!secret.ts'] });
  expect(asked.entries.map((entry) => entry.stat.path)).toEqual(['a.ts']);
  const followed = await receive({ followpaths: ['secret.ts', 'a.ts'] });
  expect(followed.entries.map((entry) => entry.stat.path)).toEqual(['a.ts']);
});

test('the root directory of the host, within patterns', async () => {
  session.addDirectory({ name: 'src', path: '/', include: [`${root.slice(1)}/x`] });
  writeFileSync(join(root, 'x'), 'content');
  const { entries, status } = await receive();
  expect(status.code).toBe(0);
  expect(entries.at(-1)?.stat.path).toBe(`${root.slice(1)}/x`);
  expect(entries.at(-1)?.content?.toString()).toBe('content');
});

test('patterns with commas and with escapes', async () => {
  for (const file of ['a,b', 'a', 'b', 'ü x', '100%']) writeFileSync(join(root, file), '');
  session.addDirectory({ name: 'src', path: root });
  const comma = await receive({ 'include-patterns': ['a,b', '100%'] });
  expect(comma.entries.map((entry) => entry.stat.path)).toEqual(['100%', 'a,b']);
  const encoded = await receive({ 'include-patterns': ['%C3%BC+x', 'a%2Cb'], 'include-patterns-encoded': '1' });
  expect(encoded.entries.map((entry) => entry.stat.path)).toEqual(['a,b', 'ü x']);
});

test('a malformed pattern is told by name', async () => {
  session.addDirectory({ name: 'src', path: root });
  expect((await receive({ 'exclude-patterns': ['ok', '['] })).status).toMatchObject({
    code: 3,
    message: expect.stringContaining('['),
  });
});

test('an engine that gives up on a name that is no UTF-8 leaves a warning of it', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${root}/odd `), Buffer.from([0xff])]), 'x');
  session.addDirectory({ name: 'src', path: root });
  await receive({}, { onStat: (_stat, call) => call.cancel() }).catch(() => undefined);
  await expect.poll(() => events.at(-1)?.state).toBe('failed');
  expect(events.at(-1)?.warnings).toEqual([
    `"${root}/odd \\xff" has a name or target that is not valid UTF-8, which newer engines refuse: leave it out by an exclude pattern`,
  ]);
});

test('removed and replaced names', async () => {
  writeFileSync(join(root, 'x'), '');
  session.addDirectory({ name: 'src', path: root, exclude: ['*'] });
  session.addDirectory({ name: 'src', path: root });
  expect((await receive()).entries.length).toBe(1);
  session.removeDirectory('src');
  expect((await receive()).status.code).toBe(5);
});

test('a directory that is missing, or a file, is an error that names it', async () => {
  session.addDirectory({ name: 'src', path: join(root, 'missing') });
  expect((await receive()).status).toMatchObject({ code: 5, message: expect.stringContaining(join(root, 'missing')) });
  writeFileSync(join(root, 'file'), '');
  session.addDirectory({ name: 'src', path: join(root, 'file') });
  expect((await receive()).status.message).toContain('is not a directory');
  expect(events.at(-1)).toMatchObject({ state: 'failed', error: { code: 'not-directory' } });
});

test('what fails before anything is sent is told within the transfer, not by its end alone', async () => {
  const failures: readonly (readonly [path: string | undefined, patterns: string[], text: string])[] = [
    [undefined, [], 'no access allowed to dir "src"'],
    [join(root, 'missing'), [], `cannot read ${join(root, 'missing')}: does not exist`],
    [root, ['['], 'the pattern [ has a [ without its ]'],
  ];
  for (const [path, patterns, text] of failures) {
    if (path !== undefined) session.addDirectory({ name: 'src', path });
    const { error, status } = await receive({ 'exclude-patterns': patterns });
    expect([error, status.message]).toEqual([text, text]);
  }
});

/** Reads the list of a transfer that then goes wrong. */
async function misbehave(packets: readonly Parameters<typeof packet>[0][]): Promise<{ code: number; message: string }> {
  session.addDirectory({ name: 'src', path: root });
  const call = engine.call(METHOD, { 'dir-name': 'src' });
  for (const fields of packets) call.send(packet(fields));
  const status = await call.status;
  call.end();
  return status;
}

test('an engine that asks for what it cannot have', async () => {
  mkdirSync(join(root, 'd'));
  writeFileSync(join(root, 'f'), 'abc');
  symlinkSync('f', join(root, 'l'));
  expect((await misbehave([{ type: REQ, ID: 7 }])).message).toBe(
    'invalid file id 7: it is not a file, or was sent already',
  );
  // The list is complete by the time that anything is asked for.
  const wait = async (id: number, times = 1): Promise<string> => {
    session.addDirectory({ name: 'src', path: root });
    const call = engine.call(METHOD, { 'dir-name': 'src' });
    for (let i = 0; i < 4; i++) await call.next();
    for (let i = 0; i < times; i++) call.send(packet({ type: REQ, ID: id }));
    const status = await call.status;
    call.end();
    return status.message;
  };
  expect(await wait(0)).toContain('invalid file id 0');
  expect(await wait(2)).toContain('invalid file id 2');
  expect(await wait(1, 2)).toContain('invalid file id 1');
});

test('an engine that breaks the protocol, or ends early', async () => {
  writeFileSync(join(root, 'f'), 'abc');
  expect((await misbehave([{ type: DATA, ID: 0, data: Buffer.from('x') }])).message).toContain(
    'packet of type 2 to a sender',
  );
  expect((await misbehave([{ type: ERR, data: Buffer.from('disk full') }])).message).toContain(
    'could not take the files: disk full',
  );
  const call = engine.call(METHOD, { 'dir-name': 'src' });
  call.end();
  expect((await call.status).message).toContain('before it was complete');
  const garbage = engine.call(METHOD, { 'dir-name': 'src' });
  garbage.send(Buffer.from([0xff, 0xff]));
  expect((await garbage.status).message).toContain('not valid protobuf');
});

test('an engine that never reads holds back the transfer, and can be cancelled', async () => {
  for (let i = 0; i < 4; i++) writeFileSync(join(root, `f${i}`), Buffer.alloc(20_000_000));
  session.addDirectory({ name: 'src', path: root });
  const call = engine.call(METHOD, { 'dir-name': 'src' });
  for (let i = 0; i < 5; i++) await call.next();
  call.stream.pause();
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 4; i++) call.send(packet({ type: REQ, ID: i }));
  // Other calls are still answered, and show that time has passed.
  for (let i = 0; i < 200; i++) await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  expect(events.at(-1)?.state).not.toBe('done');
  call.cancel();
  await new Promise<void>((resolve) => {
    session.onTransfer((event) => {
      if (event.state === 'failed') resolve();
    });
  });
  expect(events.at(-1)).toMatchObject({
    state: 'failed',
    error: { code: expect.stringMatching(/cancelled|incomplete/) },
  });
});

test('FIN is answered when everything was sent', async () => {
  writeFileSync(join(root, 'f'), 'abc');
  session.addDirectory({ name: 'src', path: root });
  const { entries, status } = await receive({}, { request: () => false });
  expect(status.code).toBe(0);
  expect(entries[0]?.content).toBeUndefined();
  expect(events.at(-1)).toMatchObject({ state: 'done', entries: 1, files: 0, bytes: 0 });
  expect(FIN).toBe(3);
});

test('several transfers of one directory at once', async () => {
  for (let i = 0; i < 200; i++) writeFileSync(join(root, `f${i}`), `content ${i}`.repeat(i * 10));
  session.addDirectory({ name: 'src', path: root });
  const all = await Promise.all(Array.from({ length: 5 }, () => receive()));
  for (const { entries, status } of all) {
    expect(status.code).toBe(0);
    for (const entry of entries) {
      const i = Number(entry.stat.path.slice(1));
      expect(entry.content?.toString()).toBe(`content ${i}`.repeat(i * 10));
    }
  }
});

test('the health check is answered while a large tree is walked', async () => {
  tickingClock();
  const FILES = 1200;
  for (let f = 0; f < FILES; f++) writeFileSync(join(root, `f${f}`), '');
  session.addDirectory({ name: 'src', path: root });
  let listed = 0;
  const transfer = receive(
    {},
    {
      onStat: () => {
        listed += 1;
      },
    },
  );
  let amid = 0;
  while (listed < FILES) {
    await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
    if (listed > 0 && listed < FILES) amid += 1;
  }
  expect((await transfer).entries.length).toBe(FILES);
  // A slice has room for a few entries, and an answer takes a few turns of the loop.
  expect(amid).toBeGreaterThan(10);
});
