import { InternalError, type Span } from '@hlb/diagnostics';
import type { OpId, Origin, Text } from '@hlb/ir';
import type { CallExpr, CallStmt } from '@hlb/parser';
import type { Scope } from './scope.js';
import { type Argument, asText, type OptionValue, type Value } from './values.js';

/** A call of a builtin, all its arguments evaluated. */
export interface BuiltinCall {
  readonly args: readonly Argument[];
  readonly options: readonly OptionValue[];
  /** The value of the block so far. */
  readonly value: Value;
  readonly origin: Origin;
  readonly scope: Scope;
  /** The effect that the binding in force asks of this call: `digest`, `config`, … */
  readonly bound: string | undefined;
  readonly call: CallStmt | CallExpr;
}

/** The value of the block, which must be a file system. */
export function inputOf(call: BuiltinCall): OpId {
  if (call.value.kind === 'fs') return call.value.op;
  throw new InternalError(`${call.call.name} was given a value of kind ${call.value.kind}`);
}

export function textAt(call: BuiltinCall, place: number): Text {
  const arg = argumentAt(call, place);
  return { text: asText(arg.value), at: arg.at };
}

export function textsFrom(call: BuiltinCall, place: number): readonly Text[] {
  return call.args.slice(place).map((arg) => ({ text: asText(arg.value), at: arg.at }));
}

export function intAt(call: BuiltinCall, place: number): bigint {
  const { value } = argumentAt(call, place);
  if (value.kind === 'int') return value.value;
  throw new InternalError(`argument ${place} is of kind ${value.kind}, not int`);
}

export function fsAt(call: BuiltinCall, place: number): OpId {
  return fsOf(argumentAt(call, place));
}

export function fsOf(arg: Argument): OpId {
  if (arg.value.kind === 'fs') return arg.value.op;
  throw new InternalError(`an argument is of kind ${arg.value.kind}, not fs`);
}

/** The place of the name that is called. */
export function calleeSpan(call: BuiltinCall): Span {
  return call.origin.span;
}

function argumentAt(call: BuiltinCall, place: number): Argument {
  const arg = call.args[place];
  if (arg === undefined) throw new InternalError(`argument ${place} is missing`);
  return arg;
}
