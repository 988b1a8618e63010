import type { Builtin, Kind } from '@hlb/checker';
import type { Origin } from '@hlb/ir';
import type { CallExpr, CallStmt, Expr } from '@hlb/parser';
import { builtinHandler } from './builtins/table.js';
import type { Evaluation } from './evaluation.js';
import { type Scope, spanOf } from './scope.js';
import { argumentScope, simpleExpr } from './simple.js';
import type { Task } from './task.js';
import { type Argument, type OptionValue, optionsOf, type Value } from './values.js';

/** A call whose arguments need no evaluation of their own, done at once; `undefined` for any other. */
export function quickBuiltin(
  e: Evaluation,
  builtin: Builtin,
  call: CallStmt,
  value: Value,
  scope: Scope,
): Value | undefined {
  if (call.with !== undefined || call.bind !== undefined || builtin.kind === 'pipeline') return undefined;
  const args: Argument[] = [];
  for (const expr of call.args) {
    const given = simpleExpr(expr, scope);
    if (given === undefined || given.kind === 'list') return undefined;
    args.push({ value: given, at: spanOf(scope, expr) });
  }
  const origin: Origin = { span: spanOf(scope, call.callee), caller: scope.frame };
  return builtinHandler(builtin)(e, { args, options: noOptions, value, origin, scope, bound: undefined, call });
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
