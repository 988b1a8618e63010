import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WriteContentRequest } from '@hlb/proto/content';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeEngine } from './fixtures/fake-engine.js';
import { DATA, ERR, FIN, packet, REQ, receiveDirectory, STAT, sendEntries, stat } from './fixtures/fake-transfer.js';
import { handles, settledHandles } from './fixtures/handles.js';
import { sessionForEachTest } from './fixtures/open-session.js';
import { ListBudget } from './fsutil/receive/list-budget.js';
import { receiveTree } from './fsutil/receive/receiver.js';
import { serveGrpc } from './grpc/server.js';
import { TransferLog } from './transfers.js';

const SEND = '/moby.filesync.v1.FileSend/DiffCopy';
const SYNC = '/moby.filesync.v1.FileSync/DiffCopy';
const HEALTH = '/grpc.health.v1.Health/Check';
/** What may be in memory beside what a flood consists of. */
const SLACK = 100_000_000;

const on = sessionForEachTest();

/** Memory outside of the collector's heap, where everything that arrives is at first. */
const received = (): number => process.memoryUsage().arrayBuffers;

/** Answers, however much else goes on. */
async function answersHealth(): Promise<void> {
  expect(await on.engine.unary(HEALTH, new Uint8Array())).toEqual(Buffer.from([8, 1]));
}

test('a list without end is ended', async () => {
  const log = new TransferLog();
  const errors: unknown[] = [];
  const other = new FakeEngine();
  const stream = await other.openSessionStream([]);
  mkdirSync(on.out);
  const server = serveGrpc(
    stream,
    new Map([
      [
        SEND,
        async (call) => {
          const progress = log.start('receive', on.out);
          const budget = new ListBudget(1_000_000);
          await receiveTree(call, on.out, on.out, progress, budget).catch((error: unknown) => {
            errors.push(error);
            throw error;
          });
        },
      ],
    ]),
  );
  const call = other.call(SEND);
  let sent = 0;
  call.stream.on('close', () => {
    sent = Number.POSITIVE_INFINITY;
  });
  for (; sent < 20_000; sent++) {
    call.send(packet({ type: STAT, stat: stat(`entry-${String(sent).padStart(9, '0')}`) }));
    if (sent % 100 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect((await call.status).message).toContain('a list of entries without end');
  expect(errors).toMatchObject([{ code: 'protocol', path: on.out }]);
  await server.close();
  await other.close();
});

test('messages that are begun and never completed are bounded, over all calls', async () => {
  // The prefix of a message of 16 MiB, and most of it.
  const begun = Buffer.concat([Buffer.from([0, 1, 0, 0, 0]), Buffer.alloc(16_000_000, 0x22)]);
  const ended: string[] = [];
  let calls = 0;
  for (; calls < 40 && ended.length === 0; calls++) {
    on.session.addTarget({ exporterId: calls, kind: 'directory', path: join(on.folder, `out${calls}`) });
    const call = on.engine.call(SEND, { 'buildkit-attachable-exporter-id': String(calls) });
    void call.status.then(({ message }) => ended.push(message));
    const drained = new Promise<void>((resolve) => call.stream.once('drain', resolve));
    if (!call.stream.write(begun)) await Promise.race([drained, call.status]);
    await answersHealth();
  }
  expect(ended[0]).toContain('nobody has read');
  expect(calls).toBeLessThan(20);
});

test('a message over the limit is refused before it is kept', async () => {
  on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  const call = on.engine.call(SEND);
  call.stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 0]));
  expect((await call.status).message).toContain('the limit is 16777216');
  await answersHealth();
});

test('bytes that come one by one do not keep all that came with them', async () => {
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  const call = on.engine.call(SEND);
  const count = 400;
  call.send(packet({ type: STAT, stat: stat('a', { size: BigInt(count) }) }));
  call.send(packet({ type: STAT, stat: stat('b', { size: BigInt(count) * 200_000n }) }));
  call.send(packet({ type: STAT }));
  const before = received();
  let most = 0;
  for (let i = 0; i < count; i++) {
    call.send(packet({ type: DATA, ID: 0, data: Buffer.from('x') }));
    if (!call.send(packet({ type: DATA, ID: 1, data: Buffer.alloc(200_000) }))) {
      await new Promise<void>((resolve) => call.stream.once('drain', resolve));
    }
    most = Math.max(most, received() - before);
  }
  call.send(packet({ type: DATA, ID: 0 }));
  call.send(packet({ type: DATA, ID: 1 }));
  await call.next();
  for (let i = 0; i < 2; i++) await call.next();
  call.send(packet({ type: FIN }));
  expect((await call.status).code).toBe(0);
  await target.commit();
  expect(readFileSync(join(on.out, 'a'), 'utf8')).toBe('x'.repeat(count));
  expect(most).toBeLessThan(SLACK);
});

test('requests without end are ended', async () => {
  writeFileSync(join(on.folder, 'f'), 'abc');
  on.session.addDirectory({ name: 'src', path: on.folder });
  const call = on.engine.call(SYNC, { 'dir-name': 'src' });
  for (let i = 0; i < 2; i++) await call.next();
  const request = packet({ type: REQ, ID: 1_000_000 });
  for (let i = 0; i < 50_000; i++) call.send(request);
  expect((await call.status).message).toContain('invalid file id 1000000');
  await answersHealth();
});

test('calls without end, each reset at once, cost nothing', async () => {
  on.session.addDirectory({ name: 'src', path: on.folder });
  await answersHealth();
  const before = handles().filter((name) => name !== 'FSReqCallback');
  for (let round = 0; round < 6; round++) {
    const calls = Array.from({ length: 100 }, () => on.engine.call(SYNC, { 'dir-name': 'src' }));
    for (const call of calls) call.cancel();
    await answersHealth();
  }
  expect(await settledHandles(before)).toEqual(before);
});

test('an end of a transfer before it is complete, in both directions', async () => {
  writeFileSync(join(on.folder, 'f'), 'abc');
  on.session.addDirectory({ name: 'src', path: on.folder });
  // FIN at once: everything that was not asked for is not wanted.
  const early = on.engine.call(SYNC, { 'dir-name': 'src' });
  early.send(packet({ type: FIN }));
  expect((await early.status).code).toBe(0);
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  const call = on.engine.call(SEND);
  call.send(packet({ type: STAT, stat: stat('a', { size: 3n }) }));
  call.send(packet({ type: STAT }));
  call.send(packet({ type: DATA, data: Buffer.from('ab') }));
  call.send(packet({ type: FIN }));
  expect((await call.status).message).toContain('before it was complete');
  await expect(target.commit()).rejects.toMatchObject({ code: 'incomplete' });
  expect(readdirSync(on.folder)).toEqual(['f']);
});

test('a receiver that never answers its last word is given up without a trace', async () => {
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  const call = on.engine.call(SEND);
  call.send(packet({ type: STAT, stat: stat('a', { size: 1n }) }));
  call.send(packet({ type: STAT }));
  await call.next();
  call.send(packet({ type: DATA, data: Buffer.from('x') }));
  call.send(packet({ type: DATA }));
  expect(await call.next()).toEqual(Buffer.from(packet({ type: FIN })));
  await answersHealth();
  await target.discard();
  expect((await call.status).code).not.toBe(0);
  expect(readdirSync(on.folder)).toEqual([]);
});

test('an engine that goes on after the end', async () => {
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  const call = on.engine.call(SEND);
  call.send(packet({ type: STAT }));
  await call.next();
  call.send(packet({ type: STAT, stat: stat('late') }));
  expect((await call.status).message).toContain('went on after the transfer was complete');
  await target.discard();
  expect(readdirSync(on.folder)).toEqual([]);
});

test('blobs that are begun and never finished are bounded', async () => {
  on.session.addContentStore({ id: 'export', path: on.out, writable: true });
  const codes: number[] = [];
  for (let i = 0; i < 520; i++) {
    const call = on.engine.call('/containerd.services.content.v1.Content/Write', {
      'buildkit-attachable-store-id': 'export',
    });
    const request = WriteContentRequest.fromPartial({ action: 1, ref: `ref ${i}`, data: Buffer.from('x') });
    call.send(WriteContentRequest.encode(request).finish());
    if (await call.next()) call.cancel();
    codes.push((await call.status).code);
  }
  expect(codes.filter((code) => code === 8).length).toBe(520 - 512);
  await on.session.close();
  expect(readdirSync(join(on.out, 'ingest'))).toEqual([]);
});

/** Packets as an engine may send them, and as it may not. */
const junk = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .record({ type: fc.constantFrom(STAT, REQ, DATA, FIN, ERR), ID: fc.nat(4), data: fc.uint8Array({ maxLength: 5 }) })
    .map(({ data, ...fields }) => packet({ ...fields, data: Buffer.from(data) })),
  fc
    .record({
      path: fc.oneof(
        fc.constantFrom(
          'a',
          'b',
          'a/b',
          '..',
          '../victim',
          '/victim',
          'a/../../victim',
          '.',
          './a',
          'a//b',
          '',
          'l',
          'l/x',
        ),
        fc.string({ maxLength: 4 }),
      ),
      mode: fc.constantFrom(0o644, 2 ** 31 + 0o755, 2 ** 27 + 0o777, 2 ** 26, 2 ** 25 + 0o600, 2 ** 24, 2 ** 19),
      size: fc.constantFrom(0n, 1n, 3n, -1n, 1n << 62n),
      linkname: fc.constantFrom('', 'a', '..', '../victim', '/etc/passwd'),
    })
    .map(({ path, ...fields }) => packet({ type: STAT, stat: stat(path, fields) })),
);

test('whatever comes, nothing is written outside and the session goes on', async () => {
  writeFileSync(join(on.folder, 'victim'), 'untouched');
  await fc.assert(
    fc.asyncProperty(fc.array(junk, { maxLength: 12 }), async (messages) => {
      const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
      const call = on.engine.call(SEND);
      for (const message of messages) call.send(message);
      call.end();
      await call.status;
      await target.commit().catch(() => undefined);
      await answersHealth();
      expect(readdirSync(on.folder).filter((name) => name !== 'out')).toEqual(['victim']);
      expect(readFileSync(join(on.folder, 'victim'), 'utf8')).toBe('untouched');
      rmSync(on.out, { recursive: true, force: true });
    }),
    { numRuns: 150 },
  );
});

test('a sender takes any junk, too', async () => {
  writeFileSync(join(on.folder, 'f'), 'abc');
  on.session.addDirectory({ name: 'src', path: on.folder });
  await fc.assert(
    fc.asyncProperty(fc.array(junk, { maxLength: 6 }), async (messages) => {
      const call = on.engine.call(SYNC, { 'dir-name': 'src' });
      for (const message of messages) call.send(message);
      call.end();
      await call.status;
      await answersHealth();
    }),
    { numRuns: 100 },
  );
  expect((await receiveDirectory(on.engine, { 'dir-name': 'src' })).entries[0]?.content?.toString()).toBe('abc');
  const { status } = await sendEntries(on.engine, 9, []);
  expect(status.code).toBe(5);
});
