import type { Value } from './values.js';

/**
 * A piece of evaluation that may need others: it yields a task and is resumed with its value. Programs nest deeper than the
 * engine's own stack reaches, so nothing here calls itself; `runTask` keeps the stack.
 */
export type Task = Generator<Task, Value, Value>;

/** Runs a task and all that it asks for. Its stack is a list, as deep as memory. */
export function runTask(first: Task, start: Value): Value {
  const waiting: Task[] = [];
  let task = first;
  let input = start;
  for (;;) {
    const step = task.next(input);
    if (step.done !== true) {
      waiting.push(task);
      task = step.value;
      continue;
    }
    const parent = waiting.pop();
    if (parent === undefined) return step.value;
    task = parent;
    input = step.value;
  }
}
