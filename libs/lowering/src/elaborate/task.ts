import type { Walk } from '../walk/walk.js';
import type { Step } from './evaluation.js';
import type { Value } from './values.js';

/** A piece of evaluation: it yields what must be evaluated first and is resumed with its value. */
export type Task = Walk<Value, Step>;

/** In place of a value: it is not known yet, because its evaluation stops before a statement or stands too deep to go on at once. */
export class Waiting {
  /** Evaluates what is left. */
  readonly task: Task;

  constructor(task: Task) {
    this.task = task;
  }
}

/** What evaluating something gives. Nearly always the value itself: making a task of each call takes longer than most calls do. */
export type Evaluated = Value | Waiting;

/** Goes on with a value as soon as it is known. */
export function whenKnown(given: Evaluated, goOn: (value: Value) => Evaluated): Evaluated {
  return given instanceof Waiting ? new Waiting(goOnTask(given, goOn)) : goOn(given);
}

function* goOnTask({ task }: Waiting, goOn: (value: Value) => Evaluated): Task {
  const given = goOn(yield task);
  return given instanceof Waiting ? yield given.task : given;
}

/** What was given, as a task. */
export function* taskOf(given: Evaluated): Task {
  return given instanceof Waiting ? yield given.task : given;
}
