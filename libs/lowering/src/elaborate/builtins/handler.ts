import type { BuiltinCall } from '../builtin-call.js';
import type { Evaluation } from '../evaluation.js';
import type { Value } from '../values.js';

/** What a builtin does: the value that its call gives, of the ops that it adds. */
export type BuiltinHandler = (e: Evaluation, call: BuiltinCall) => Value;

/** A builtin's kind and name: `fs copy`, `option::run env`. */
export type BuiltinKey = `${string} ${string}`;

export type BuiltinHandlers = Readonly<Record<BuiltinKey, BuiltinHandler>>;
