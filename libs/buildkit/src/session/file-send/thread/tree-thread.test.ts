import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, platform } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DATA, packet, REQ, STAT, sendEntries, stat } from '../../fixtures/fake-transfer.js';
import { outputsForEachTest } from '../../fixtures/outputs.js';
import { file } from '../../fixtures/sent-entries.js';

const SEND = '/moby.filesync.v1.FileSend/DiffCopy';

const place = outputsForEachTest();

/** The threads that were started, and those that are gone. */
let started: Worker[];
let gone: number;

const onWorker = (worker: Worker): void => {
  started.push(worker);
  worker.once('exit', () => {
    gone += 1;
  });
};

beforeEach(() => {
  started = [];
  gone = 0;
  process.on('worker', onWorker);
});

afterEach(() => process.off('worker', onWorker));

test('directories have one thread, as long as there is one of them', async () => {
  const targets = [0, 1].map((exporterId) =>
    place.session.addTarget({ exporterId, kind: 'directory', path: join(place.folder, `out${exporterId}`) }),
  );
  const [first, second] = targets;
  expect(started).toHaveLength(0);
  await Promise.all(targets.map((target) => target.prepare()));
  await Promise.all([0, 1].map((id) => sendEntries(place.engine, id, [file('a', `of ${id}`)])));
  await first?.commit();
  expect([started.length, gone]).toEqual([1, 0]);
  await second?.discard();
  expect([started.length, gone]).toEqual([1, 1]);
  expect(readdirSync(place.folder)).toEqual(['out0']);
  const third = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await sendEntries(place.engine, 0, [file('a', 'content')]);
  await third.commit();
  expect(readFileSync(join(place.out, 'a'), 'utf8')).toBe('content');
  expect([started.length, gone]).toEqual([2, 2]);
});

test.runIf(platform() === 'linux')('the thread gives way to the others of its process', async () => {
  /** The nice values of all threads of this process. */
  const priorities = (): readonly number[] =>
    readdirSync('/proc/self/task').map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
      // The 19th field; the second, the name, may hold spaces.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    });
  const own = getPriority();
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await sendEntries(place.engine, 0, [file('a', '')]);
  expect(priorities().filter((priority) => priority !== own)).toEqual([Math.min(own + 5, 19)]);
  expect(getPriority()).toBe(own);
  await target.commit();
});

test('archives need none', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  await target.prepare();
  await target.discard();
  expect(started).toEqual([]);
});

test('a thread that ends by itself ends the transfer, with what was received', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const call = place.engine.call(SEND);
  call.send(packet({ type: STAT, stat: stat('a', { size: 10n }) }));
  await call.next(); // it asks for the file
  call.send(packet({ type: DATA, data: Buffer.from('half') }));
  await started[0]?.terminate();
  const { message } = await call.status;
  expect(message).toMatch(/^the thread that receives .*out has ended: /);
  await expect(target.commit()).rejects.toMatchObject({ code: 'io', path: place.out });
  expect(readdirSync(place.folder)).toEqual([]);
});

test('what was received is put in place by the thread too', async () => {
  mkdirSync(place.out);
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await sendEntries(place.engine, 0, [file('a', 'content')]);
  const committed = target.commit();
  // Before it has heard of that.
  const ended = started[0]?.terminate();
  await expect(committed).rejects.toMatchObject({ code: 'io', path: place.out });
  await ended;
  expect(readdirSync(place.out)).toEqual([]);
});

test("the system's error is told with its code, from the thread too", async () => {
  writeFileSync(place.out, '');
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: join(place.folder, 'other') });
  const { error } = await sendEntries(place.engine, 0, [file(`${'x'.repeat(300)}`, '')]);
  expect(error).toContain('the name is too long for the file system');
  await expect(target.done).rejects.toMatchObject({
    name: 'TransferError',
    code: 'io',
    cause: { code: 'ENAMETOOLONG', syscall: 'open', message: expect.stringContaining('ENAMETOOLONG') },
  });
});

test('requests reach the engine while its list goes on', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const call = place.engine.call(SEND);
  for (const [id, name] of ['a', 'b', 'c'].entries()) {
    call.send(packet({ type: STAT, stat: stat(name) }));
    const request = await call.next();
    expect(request && Buffer.from(request)).toEqual(Buffer.from(packet({ type: REQ, ID: id })));
  }
  await target.discard();
  await expect(target.done).rejects.toMatchObject({ code: 'discarded' });
});
