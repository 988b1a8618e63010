import type { Walk } from '../walk/walk.js';
import type { Step } from './evaluation.js';
import type { Value } from './values.js';

/** A piece of evaluation: it yields what must be evaluated first and is resumed with its value. */
export type Task = Walk<Value, Step>;
