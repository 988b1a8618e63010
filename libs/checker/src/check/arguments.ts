import type { CallStmt, Expr, IdentExpr, TypeWord } from '@hlb/parser';
import type { Builtin } from '../builtins/builtin.js';
import { argumentKindOf, fittingOrder } from './argument-order.js';
import { argumentsSwapped, wrongCount } from './messages/counts.js';
import { argumentKinds, type Place } from './place.js';
import { at, type Found, type FunctionEntry, report } from './state.js';
import { looseArguments, type Walk } from './walk.js';

/** A parameter of a builtin or of a function. */
export interface Parameter {
  readonly word: string;
  readonly param: {
    readonly name: string;
    readonly variadic: boolean;
    readonly field?: { readonly type: TypeWord } | undefined;
  };
  /** The function of the program that it belongs to. */
  readonly owner: FunctionEntry | undefined;
}

/** What is called, for messages. */
export type Target = Builtin | Exclude<Found, { kind: 'builtin' }>;

/**
 * Checks number and kinds of arguments. Gives whether they could be matched with the parameters.
 * After a wrong number only names are looked up, since nobody knows which argument was meant for which parameter.
 */
export function checkArguments(
  walk: Walk,
  callee: IdentExpr,
  args: readonly Expr[],
  params: readonly Parameter[],
  call: CallStmt | undefined,
  cutShort: boolean,
  target: Target,
): boolean {
  const { length } = params;
  if (args.length === 0 && length === 0) return true;
  const last = params[length - 1];
  const fits = last?.param.variadic === true ? args.length >= length - 1 : args.length === length;
  if (!fits) {
    if (!cutShort && !args.some((arg) => arg.kind === 'bad') && walk.state.countsMatter) {
      report(walk.state, wrongCount(walk, callee, args, params, call, target));
    }
    // In `copy local "." "/" "/"` the missing parentheses of `local` are the one mistake.
    const { countsMatter } = walk.state;
    walk.state.countsMatter = false;
    looseArguments(walk, args);
    walk.state.countsMatter = countsMatter;
    return false;
  }
  if (walk.state.reporting && hasMisplacedLiteral(args, params)) {
    const order = fittingOrder(walk, args, params);
    if (order !== undefined) {
      report(walk.state, argumentsSwapped(at(walk.state, callee.ident), walk.state, args, params, order, target));
      looseArguments(walk, args);
      return false;
    }
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const parameter = i < length ? params[i] : last;
    if (arg !== undefined && parameter !== undefined)
      checkArgument(walk, callee, arg, parameter, Math.min(i, length - 1));
  }
  return true;
}

function checkArgument(walk: Walk, callee: IdentExpr, arg: Expr, parameter: Parameter, index: number): void {
  const allowed = argumentKinds(parameter.word);
  if (isPlainLiteral(arg) && allowed.includes(argumentKindOf(walk, arg) ?? '')) return;
  const { name, variadic, field } = parameter.param;
  const place: Place = {
    kind: 'argument',
    allowed,
    callee: callee.member?.text ?? callee.ident.text,
    param: name,
    type: field?.type,
    variadic,
  };
  const { via } = walk;
  if (parameter.owner !== undefined) walk.via = { callee: parameter.owner, index, outer: via };
  walk.visit(walk, arg, place);
  walk.via = via;
}

function isPlainLiteral(arg: Expr): boolean {
  switch (arg.kind) {
    case 'int':
    case 'bool':
    case 'raw-string':
    case 'raw-heredoc':
      return true;
    case 'string':
      return arg.fragments.length === 0 || (arg.fragments.length === 1 && arg.fragments[0]?.kind === 'text');
    default:
      return false;
  }
}

function hasMisplacedLiteral(args: readonly Expr[], params: readonly Parameter[]): boolean {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const word = (i < params.length ? params[i] : params[params.length - 1])?.word;
    if (arg === undefined || word === undefined) continue;
    switch (arg.kind) {
      case 'int':
      case 'bool':
        if (!argumentKinds(word).includes(arg.kind)) return true;
        break;
      case 'string':
      case 'raw-string':
      case 'heredoc':
      case 'raw-heredoc':
        if (!argumentKinds(word).includes('string')) return true;
        break;
      default:
    }
  }
  return false;
}
