import { setMaxListeners } from 'node:events';

/** Something to do, and what must be done before. */
export interface Task<Id> {
  readonly id: Id;
  readonly after: readonly Id[];
  /**
   * Does it. The signal is aborted when another task failed, or the whole was given up. What waits for it starts when it is done,
   * or already when it calls `ready`.
   */
  readonly run: (signal: AbortSignal, ready: () => void) => Promise<void>;
}

/**
 * Runs tasks as soon as what they wait for is done, at most `limit` side by side, in the order of the list where there is a choice.
 * The first failure aborts what runs and starts nothing more; it is thrown when everything has ended. With `keepGoing` only what
 * waits for the failed one is left out, and several failures are thrown as an `AggregateError`, in the order in which they came.
 * Nothing waits on a timer.
 * Throws a `RangeError` when a task waits for one that is not in the list, or for itself by way of others.
 */
export async function runTasks<Id>(
  tasks: readonly Task<Id>[],
  options: { readonly limit: number; readonly signal: AbortSignal; readonly keepGoing?: boolean },
): Promise<void> {
  const { waiting, dependants } = graphOf(tasks);
  const ready = tasks.filter((task) => waiting.get(task.id) === 0);
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  // Each task that runs listens, some more than once; that is no leak.
  setMaxListeners(0, signal);
  const isReady = new Set<Task<Id>>();
  let running = 0;
  const failures: unknown[] = [];

  await new Promise<void>((resolve) => {
    const finished = (task: Task<Id>): void => {
      if (isReady.has(task)) return;
      isReady.add(task);
      for (const next of dependants.get(task.id) ?? []) {
        const left = (waiting.get(next.id) ?? 0) - 1;
        waiting.set(next.id, left);
        if (left === 0) ready.push(next);
      }
    };
    const start = (): void => {
      while (!signal.aborted && running < options.limit) {
        const task = ready.shift();
        if (task === undefined) break;
        running += 1;
        const early = (): void => {
          finished(task);
          start();
        };
        task.run(signal, early).then(
          () => {
            running -= 1;
            finished(task);
            start();
          },
          (error: unknown) => {
            running -= 1;
            // What fails because another failed is not the reason.
            if (failures.length === 0 || !signal.aborted) failures.push(error);
            if (options.keepGoing !== true) failure.abort(error);
            start();
          },
        );
      }
      if (running === 0 && (signal.aborted || ready.length === 0)) resolve();
    };
    start();
  });
  if (failures.length > 1) throw new AggregateError(failures, 'several tasks failed');
  if (failures.length === 1) throw failures[0];
  options.signal.throwIfAborted();
  if (isReady.size < tasks.length) throw new RangeError('tasks wait for each other in a circle');
}

function graphOf<Id>(tasks: readonly Task<Id>[]): {
  readonly waiting: Map<Id, number>;
  readonly dependants: Map<Id, Task<Id>[]>;
} {
  const waiting = new Map<Id, number>();
  const dependants = new Map<Id, Task<Id>[]>(tasks.map((task) => [task.id, []]));
  for (const task of tasks) {
    const before = new Set(task.after);
    waiting.set(task.id, before.size);
    for (const id of before) {
      const list = dependants.get(id);
      if (list === undefined) throw new RangeError(`${String(task.id)} waits for ${String(id)}, which is not there`);
      list.push(task);
    }
  }
  return { waiting, dependants };
}
