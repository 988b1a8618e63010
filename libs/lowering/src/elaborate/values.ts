import type { Kind } from '@hlb/checker';
import { InternalError, type Span } from '@hlb/diagnostics';
import type { OpId, Origin, RunOption, Text } from '@hlb/ir';
import type { Expr } from '@hlb/parser';
import { type Scope, spanOf } from './scope.js';
import type { Stage } from './stages/stages.js';

/** What an expression or a block yields while a program is evaluated. */
export type Value =
  | { readonly kind: 'fs'; readonly op: OpId }
  | { readonly kind: 'string'; readonly text: string | OpId }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'pipeline'; readonly stage: Stage }
  | { readonly kind: 'options'; readonly last: OptionChain | undefined }
  /** What a variadic parameter of anything but options holds: an argument each. */
  | { readonly kind: 'list'; readonly items: readonly Argument[] };

/** A value and the expression that gave it, for diagnostics. */
export interface Argument {
  readonly value: Value;
  readonly at: Span;
}

/** Adds what an argument gave: of a list, which a variadic parameter holds, an argument each. */
export function addArgument(args: Argument[], value: Value, expr: Expr, scope: Scope): void {
  if (value.kind === 'list') args.push(...value.items);
  else args.push({ value, at: spanOf(scope, expr) });
}

/**
 * An option of a call. Options of the same shape share a form whatever builtin they belong to; what they mean is up to the
 * builtin that takes them.
 */
export type OptionValue =
  | { readonly kind: 'flag'; readonly name: string; readonly at: Span }
  | { readonly kind: 'number'; readonly name: string; readonly value: bigint; readonly at: Span }
  | { readonly kind: 'text'; readonly name: string; readonly text: Text }
  | { readonly kind: 'pair'; readonly name: string; readonly first: Text; readonly second: Text; readonly at: Span }
  | { readonly kind: 'list'; readonly name: string; readonly items: readonly Text[] }
  | { readonly kind: 'input'; readonly key: Text; readonly value: OpId }
  /** An option of `run`; `bound` says that the binding in force asks for this mount, `origin` where the option was called. */
  | { readonly kind: 'run'; readonly option: RunOption; readonly bound: boolean; readonly origin: Origin };

/** A list of options by its last one, so that appending costs the same however many there are. */
export interface OptionChain {
  readonly before: OptionChain | undefined;
  readonly option: OptionValue;
}

/** The options of a chain, in order. */
export function optionsOf(last: OptionChain | undefined): readonly OptionValue[] {
  const options: OptionValue[] = [];
  for (let at = last; at !== undefined; at = at.before) options.push(at.option);
  return options.reverse();
}

/** What a block holds after a statement that is a parameter: the parameter's value, or all options where both are options. */
export function replaceBy(value: Value, param: Value | undefined): Value {
  if (param === undefined) return value;
  if (value.kind !== 'options' || param.kind !== 'options') return param;
  let { last } = value;
  for (const option of optionsOf(param.last)) last = { before: last, option };
  return { kind: 'options', last };
}

type Named = Extract<OptionValue, { readonly name: string }>;

/** The last option of this name. Each call of a builtin asks for all that it takes, and most were given none. */
function lastOption<Kind extends Named['kind']>(
  options: readonly OptionValue[],
  kind: Kind,
  name: string,
): Extract<Named, { readonly kind: Kind }> | undefined {
  for (let place = options.length - 1; place >= 0; place -= 1) {
    const option = options[place];
    if (option !== undefined && isNamed(option, kind) && option.name === name) return option;
  }
  return undefined;
}

function isNamed<Kind extends Named['kind']>(
  option: OptionValue,
  kind: Kind,
): option is Extract<Named, { readonly kind: Kind }> {
  return option.kind === kind;
}

/** The last text that an option of this name gave. */
export function optionText(options: readonly OptionValue[], name: string): Text | undefined {
  return lastOption(options, 'text', name)?.text;
}

export function optionNumber(options: readonly OptionValue[], name: string): bigint | undefined {
  return lastOption(options, 'number', name)?.value;
}

export function optionPair(
  options: readonly OptionValue[],
  name: string,
): { readonly first: Text; readonly second: Text } | undefined {
  const found = lastOption(options, 'pair', name);
  return found && { first: found.first, second: found.second };
}

export function optionFlag(options: readonly OptionValue[], name: string): boolean {
  return lastOption(options, 'flag', name) !== undefined;
}

/** Nearly all ops have lists without items: they share one. */
const noTexts: readonly Text[] = [];

/** The texts of all options of this name, one after the other. */
export function optionTexts(options: readonly OptionValue[], name: string): readonly Text[] {
  if (options.length === 0) return noTexts;
  const found = options.filter((option) => option.kind === 'list' && option.name === name);
  return found.length === 0 ? noTexts : found.flatMap((option) => (option.kind === 'list' ? option.items : []));
}

/** The texts of the last option of this name. */
export function lastOptionTexts(options: readonly OptionValue[], name: string): readonly Text[] {
  return lastOption(options, 'list', name)?.items ?? noTexts;
}

/** Whether a block of this kind can hold the value. */
export function holds(kind: Kind, value: Value): boolean {
  return kind.startsWith('option::') ? value.kind === 'options' : value.kind === kind;
}

/** The value as text: numbers in decimal. */
export function asText(value: Value): string | OpId {
  switch (value.kind) {
    case 'string':
      return value.text;
    case 'int':
      return value.value.toString();
    case 'bool':
      return value.value ? 'true' : 'false';
    default:
      throw new InternalError(`a value of kind ${value.kind} is used as text`);
  }
}
