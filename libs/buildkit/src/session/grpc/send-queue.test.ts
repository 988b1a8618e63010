import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SendQueue } from './send-queue.js';

let queue: SendQueue;
let log: string[];

beforeEach(() => {
  queue = new SendQueue();
  log = [];
});

afterEach(() => {
  vi.useRealTimers();
});

/** Writes a block when it may be written, and notes that. */
const block = (name: string): Promise<void> =>
  queue
    .when(() => queue.mayWriteBlock() || undefined)
    .then(() => {
      log.push(name);
    });

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('blocks wait for the one under way, and leave together when the event loop has read', async () => {
  await block('a');
  const others = Promise.all(['b', 'c', 'd'].map(block));
  await nextTurn();
  expect(log).toEqual(['a']);
  queue.blockWritten();
  await nextTurn();
  expect(log).toEqual(['a']);
  await others;
  expect(log).toEqual(['a', 'b', 'c', 'd']);
  const later = block('e');
  await nextTurn();
  await nextTurn();
  expect(log).not.toContain('e');
  // The peer has taken one of three: it takes no more of the others.
  queue.blockWritten();
  await later;
});

test('without others a block is written at once, also when the one before it has just been written', async () => {
  await block('a');
  queue.blockWritten();
  await nextTurn();
  await nextTurn();
  await nextTurn();
  const second = block('b');
  await Promise.resolve();
  await second;
  expect(log).toEqual(['a', 'b']);
});

test('a block of which the peer takes nothing keeps the others for a while only', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await block('unread');
  const other = block('other');
  await nextTurn();
  await nextTurn();
  expect(log).toEqual(['unread']);
  vi.runOnlyPendingTimers();
  await other;
  expect(log).toEqual(['unread', 'other']);
  expect(vi.getTimerCount()).toBe(0);
});

test('no timer is left when nobody waits any more', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await block('a');
  let over = false;
  const given = queue.when(() => (over ? false : queue.mayWriteBlock() || undefined));
  expect(vi.getTimerCount()).toBe(1);
  over = true;
  queue.look();
  expect(await given).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test('those that wait for room see what those before them have taken', async () => {
  const limit = queue.room(0);
  queue.add(limit);
  const share = queue.room(0);
  expect(share).toBeLessThan(limit);
  // All of one call that has its share in the queue.
  let own = share;
  queue.add(own);
  const take = (): Promise<number> =>
    queue.when(() => {
      const room = queue.room(own);
      if (room === 0) return undefined;
      own += room;
      queue.add(room);
      return room;
    });
  const taken: number[] = [];
  const takes = ['first', 'second'].map((name) => take().then((room) => taken.push(room) && log.push(name)));
  await nextTurn();
  expect(log).toEqual([]);
  queue.remove(share + 1);
  await takes[0];
  await nextTurn();
  // There was room for one of them.
  expect(log).toEqual(['first']);
  queue.remove(limit + 1);
  await takes[1];
  expect(taken).toEqual([limit, limit]);
});
