import type { RunOption } from '@hlb/ir';
import { type BuiltinCall, calleeSpan, intAt, textAt, textsFrom } from '../builtin-call.js';
import type { OptionValue, Value } from '../values.js';
import type { BuiltinHandler } from './handler.js';

/** Appends an option to the block's list. */
export function option(call: BuiltinCall, given: OptionValue): Value {
  const before = call.value.kind === 'options' ? call.value.last : undefined;
  return { kind: 'options', last: { before, option: given } };
}

/** Appends an option of a run. */
export function runOption(call: BuiltinCall, given: RunOption, bound = false): Value {
  return option(call, { kind: 'run', option: given, bound, origin: call.origin });
}

/** An option without arguments, named like its builtin. */
export const flag: BuiltinHandler = (_, call) =>
  option(call, { kind: 'flag', name: nameOf(call), at: calleeSpan(call) });

export const number: BuiltinHandler = (_, call) =>
  option(call, { kind: 'number', name: nameOf(call), value: intAt(call, 0), at: calleeSpan(call) });

export const text: BuiltinHandler = (_, call) =>
  option(call, { kind: 'text', name: nameOf(call), text: textAt(call, 0) });

export const pair: BuiltinHandler = (_, call) =>
  option(call, {
    kind: 'pair',
    name: nameOf(call),
    first: textAt(call, 0),
    second: textAt(call, 1),
    at: calleeSpan(call),
  });

export const list: BuiltinHandler = (_, call) =>
  option(call, { kind: 'list', name: nameOf(call), items: textsFrom(call, 0) });

function nameOf(call: BuiltinCall): string {
  return call.call.name;
}
