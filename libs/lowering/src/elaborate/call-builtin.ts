import type { Builtin, Kind } from '@hlb/checker';
import type { Origin } from '@hlb/ir';
import type { CallExpr, CallStmt, Expr } from '@hlb/parser';
import { builtinHandler } from './builtins/table.js';
import type { Evaluation } from './evaluation.js';
import { type Scope, spanOf } from './scope.js';
import { argumentsOf } from './sharing/reads.js';
import { argumentScope, simpleExpr } from './simple.js';
import type { Task } from './task.js';
import { type Argument, type OptionValue, optionsOf, type Value } from './values.js';

/**
 * A call whose arguments need no evaluation of their own, with at most one option of which that is true, too, done at once; `undefined`,
 * and nothing done, for any other.
 */
export function quickBuiltin(
  e: Evaluation,
  builtin: Builtin,
  call: CallStmt,
  value: Value,
  scope: Scope,
): Value | undefined {
  if (call.bind !== undefined || builtin.kind === 'pipeline') return undefined;
  const args = quickArguments(call.args, scope);
  if (args === undefined) return undefined;
  const origin: Origin = { span: spanOf(scope, call.callee), caller: scope.frame };
  const options = call.with === undefined ? noOptions : quickOption(e, call.with.expr, scope, origin);
  if (options === undefined) return undefined;
  return builtinHandler(builtin)(e, { args, options, value, origin, scope, bound: undefined, call });
}

/** The option that a call of a builtin gives: `with createParents`. */
function quickOption(e: Evaluation, expr: Expr, outer: Scope, frame: Origin): readonly OptionValue[] | undefined {
  if (expr.kind !== 'call') return undefined;
  const resolution = outer.instance.checked.resolve(expr);
  if (resolution?.kind !== 'builtin' || !resolution.builtin.kind.startsWith('option::')) return undefined;
  const args = quickArguments(argumentsOf(expr), outer);
  if (args === undefined) return undefined;
  const scope: Scope = { ...outer, frame };
  const given = builtinHandler(resolution.builtin)(e, {
    args,
    options: noOptions,
    value: { kind: 'options', last: undefined },
    origin: { span: spanOf(scope, expr.callee), caller: frame },
    scope,
    bound: undefined,
    call: expr,
  });
  return given.kind === 'options' ? optionsOf(given.last) : noOptions;
}

function quickArguments(exprs: readonly Expr[], scope: Scope): readonly Argument[] | undefined {
  const args: Argument[] = [];
  for (const expr of exprs) {
    const given = simpleExpr(expr, scope);
    if (given === undefined || given.kind === 'list') return undefined;
    args.push({ value: given, at: spanOf(scope, expr) });
  }
  return args;
}

const noOptions: readonly OptionValue[] = [];

/** Evaluates options and arguments of a builtin's call, then the builtin itself. */
export function* callBuiltin(
  e: Evaluation,
  builtin: Builtin,
  call: CallStmt | CallExpr,
  exprs: readonly Expr[],
  value: Value,
  scope: Scope,
): Task {
  const origin: Origin = { span: spanOf(scope, call.callee), caller: scope.frame };
  let options = noOptions;
  let bound: string | undefined;
  if (call.kind === 'call-stmt') {
    if (call.with !== undefined) {
      const kind = builtin.options ?? (`option::${builtin.name}` as const);
      const given = yield e.rules.expr(e, call.with.expr, kind, { ...scope, frame: origin });
      if (given.kind === 'options') options = optionsOf(given.last);
    }
    if (call.bind !== undefined && call.bind === scope.binding?.clause) bound = scope.binding.effect;
  }
  const args: Argument[] = [];
  const inside = argumentScope(scope);
  for (const [place, expr] of exprs.entries()) {
    const kind = parameterKind(builtin, place);
    const simple = kind === 'pipeline' ? undefined : simpleExpr(expr, inside);
    const given = simple ?? (yield e.rules.expr(e, expr, kind, inside));
    if (given.kind === 'list') args.push(...given.items);
    else args.push({ value: given, at: spanOf(scope, expr) });
  }
  return builtinHandler(builtin)(e, { args, options, value, origin, scope, bound, call });
}

function parameterKind(builtin: Builtin, place: number): Kind {
  const param = builtin.params[place] ?? builtin.params.at(-1);
  return param?.type ?? 'string';
}
