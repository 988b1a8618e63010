import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATA, packet, STAT, sendEntries, stat } from '../fixtures/fake-transfer.js';
import { outputsForEachTest } from '../fixtures/outputs.js';

const METHOD = '/moby.filesync.v1.FileSend/DiffCopy';

const place = outputsForEachTest();

test('the exporter tells of its result', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  const call = place.engine.call(METHOD, {
    'exporter-md-containerimage.digest': 'sha256:abc',
    'exporter-md-image.name': 'x',
  });
  call.end();
  await call.status;
  expect([...target.metadata]).toEqual([
    ['containerimage.digest', 'sha256:abc'],
    ['image.name', 'x'],
  ]);
});

test('an unknown exporter', async () => {
  const { status } = await sendEntries(place.engine, 7, []);
  expect(status).toEqual({ code: 5, message: 'exporter 7 not found' });
});

test('an id is awaited once at a time', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  expect(() => place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out })).toThrow(
    'already awaits',
  );
  await target.discard();
  await expect(target.done).rejects.toMatchObject({ code: 'discarded' });
  place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
});

test('an engine that never goes on is cancelled without a trace', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const call = place.engine.call(METHOD);
  call.send(packet({ type: STAT, stat: stat('a', { size: 900_000n }) }));
  await call.next();
  call.send(packet({ type: DATA, data: Buffer.alloc(800_000) }));
  await place.engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  expect(readdirSync(place.folder).length).toBe(1);
  await target.discard();
  expect(readdirSync(place.folder)).toEqual([]);
  expect((await call.status).code).not.toBe(0);
  expect(place.events.at(-1)?.state).toBe('failed');
});

test('a session that is closed leaves nothing behind', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: join(place.folder, 'made/out') });
  const call = place.engine.call(METHOD);
  call.send(packet({ type: STAT, stat: stat('a', { size: 9n }) }));
  await call.next();
  await place.session.close();
  await expect(target.done).rejects.toMatchObject({ name: 'TransferError' });
  expect(readdirSync(place.folder)).toEqual([]);
});

test('an engine that dies leaves nothing behind either', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const call = place.engine.call(METHOD);
  call.send(packet({ type: STAT, stat: stat('a', { size: 9n }) }));
  await call.next();
  await place.engine.close();
  await place.session.closed;
  await expect(target.done).rejects.toMatchObject({ name: 'TransferError' });
  await target.discard();
  expect(readdirSync(place.folder)).toEqual([]);
});
