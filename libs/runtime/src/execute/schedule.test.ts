import { expect, test } from 'vitest';
import { runTasks, type Task } from './schedule.js';

/** Tasks that end when the test says so; keeps what started, in order. */
function controlled(graph: Readonly<Record<string, readonly string[]>>) {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolversLike>();
  const tasks: Task<string>[] = Object.entries(graph).map(([id, after]) => ({
    id,
    after,
    run: (signal) => {
      started.push(id);
      return new Promise<void>((resolve, reject) => {
        ends.set(id, { resolve, reject });
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    },
  }));
  const settle = async (id: string, error?: Error): Promise<void> => {
    const end = ends.get(id);
    if (end === undefined) throw new Error(`${id} does not run`);
    if (error === undefined) end.resolve();
    else end.reject(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { tasks, started, settle };
}

interface PromiseWithResolversLike {
  resolve(): void;
  reject(error: unknown): void;
}

const signal = new AbortController().signal;

test('a task starts as soon as what it waits for is done; the others run side by side', async () => {
  const { tasks, started, settle } = controlled({ a: [], b: [], c: ['a'], d: ['a', 'b'] });
  const all = runTasks(tasks, { limit: 10, signal });
  expect(started).toEqual(['a', 'b']);
  await settle('a');
  expect(started).toEqual(['a', 'b', 'c']);
  await settle('b');
  expect(started).toEqual(['a', 'b', 'c', 'd']);
  await settle('c');
  await settle('d');
  await all;
});

test('never more than the limit at once', async () => {
  const { tasks, started, settle } = controlled({ a: [], b: [], c: [] });
  const all = runTasks(tasks, { limit: 2, signal });
  expect(started).toEqual(['a', 'b']);
  await settle('b');
  expect(started).toEqual(['a', 'b', 'c']);
  await settle('a');
  await settle('c');
  await all;
});

test('the first failure aborts what runs, starts nothing more, and is what is thrown', async () => {
  const { tasks, started, settle } = controlled({ a: [], b: [], c: ['a'] });
  const all = runTasks(tasks, { limit: 10, signal });
  const failed = expect(all).rejects.toThrow('a is broken');
  await settle('a', new Error('a is broken'));
  await failed;
  expect(started).toEqual(['a', 'b']);
});

test('given up from outside: what runs is aborted, and the reason is thrown', async () => {
  const { tasks } = controlled({ a: [], b: ['a'] });
  const controller = new AbortController();
  const all = runTasks(tasks, { limit: 10, signal: controller.signal });
  const failed = expect(all).rejects.toThrow('enough');
  controller.abort(new Error('enough'));
  await failed;
});

test('a circle and a missing task are told, not waited for', async () => {
  await expect(runTasks(controlled({ a: ['b'], b: ['a'] }).tasks, { limit: 1, signal })).rejects.toThrow(/circle/);
  await expect(runTasks(controlled({ a: ['x'] }).tasks, { limit: 1, signal })).rejects.toThrow(/x, which is not there/);
});

test('nothing to do is done', async () => {
  await runTasks([], { limit: 1, signal });
});
