import type { Span } from '@hlb/diagnostics';
import type { Call, CallStmt, Expr } from '@hlb/parser';
import type { Builtin } from '../../builtins/builtin.js';
import { argumentsSwapped, wrongCount } from '../messages/counts.js';
import { at, type Found, type Parameter, report } from '../state.js';
import { fittingOrder } from './argument-order.js';
import type { Place } from './place.js';
import { looseArguments, type Walk } from './walk.js';

/** What is called, for messages. */
export type Target = Builtin | Exclude<Found, { kind: 'builtin' }> | MemberTarget;

/** A function of an imported module. */
export interface MemberTarget {
  readonly kind: 'member';
  readonly declared: Span;
  readonly imported: Span;
}

/**
 * Checks number and kinds of arguments. Gives whether they could be matched with the parameters.
 * After a wrong number only names are looked up, since nobody knows which argument was meant for which parameter.
 */
export function checkArguments(
  walk: Walk,
  call: Call,
  args: readonly Expr[],
  params: readonly Parameter[],
  stmt: CallStmt | undefined,
  cutShort: boolean,
  target: Target,
  place: Place | undefined,
): boolean {
  const { length } = params;
  if (args.length === 0 && length === 0) return true;
  const last = params[length - 1];
  const fits = last?.param.variadic === true ? args.length >= length - 1 : args.length === length;
  if (!fits) {
    if (!cutShort && !args.some((arg) => arg.kind === 'bad') && walk.state.countsMatter) {
      report(walk.state, wrongCount(walk, call, args, params, stmt, target, place));
    }
    // In `copy local "." "/" "/"` the missing parentheses of `local` are the one mistake.
    const { countsMatter, recording } = walk.state;
    walk.state.recording = false;
    for (const arg of args) {
      walk.state.countsMatter = countsMatter && (arg.kind !== 'call' || arg.args !== undefined);
      walk.visit(walk, arg, undefined);
    }
    walk.state.countsMatter = countsMatter;
    walk.state.recording = recording;
    return false;
  }
  if (walk.state.reporting && hasMisplacedLiteral(args, params)) {
    const order = fittingOrder(walk, args, params);
    if (order !== undefined) {
      report(walk.state, argumentsSwapped(at(walk.state, call.callee.ident), walk.state, args, params, order, target));
      looseArguments(walk, args);
      return false;
    }
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const parameter = i < length ? params[i] : last;
    if (arg !== undefined && parameter !== undefined)
      checkArgument(walk, call, arg, parameter, Math.min(i, length - 1));
  }
  return true;
}

function checkArgument(walk: Walk, call: Call, arg: Expr, parameter: Parameter, index: number): void {
  const literal = plainLiteralKind(arg);
  if (literal !== undefined && parameter.place.allowed.includes(literal)) return;
  const name = call.member?.text ?? call.name;
  const place = parameter.place.callee === name ? parameter.place : { ...parameter.place, callee: name };
  const { via } = walk;
  if (parameter.owner !== undefined) walk.via = { callee: parameter.owner, index, outer: via };
  walk.visit(walk, arg, place);
  walk.via = via;
}

/** The kind of a literal in which nothing else can be wrong. */
function plainLiteralKind(arg: Expr): string | undefined {
  switch (arg.kind) {
    case 'int':
    case 'bool':
      return arg.kind;
    case 'raw-string':
    case 'raw-heredoc':
      return 'string';
    case 'string':
      if (arg.plain !== undefined) return 'string';
      return arg.fragments.some((part) => part.kind === 'interpolation') ? undefined : 'string';
    default:
      return undefined;
  }
}

function hasMisplacedLiteral(args: readonly Expr[], params: readonly Parameter[]): boolean {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const allowed = (i < params.length ? params[i] : params[params.length - 1])?.place.allowed;
    if (arg === undefined || allowed === undefined) continue;
    switch (arg.kind) {
      case 'int':
      case 'bool':
        if (!allowed.includes(arg.kind)) return true;
        break;
      case 'string':
      case 'raw-string':
      case 'heredoc':
      case 'raw-heredoc':
        if (!allowed.includes('string')) return true;
        break;
      default:
    }
  }
  return false;
}
