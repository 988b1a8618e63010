import type { Builtin, Kind } from '@hlb/checker';
import type { Origin } from '@hlb/ir';
import type { CallExpr, CallStmt, Expr } from '@hlb/parser';
import type { BuiltinCall } from './builtin-call.js';
import { builtinHandler } from './builtins/table.js';
import type { Evaluation } from './evaluation.js';
import { CallOrigin, type Scope } from './scope.js';
import { argumentScope, simpleExpr } from './simple.js';
import { type Evaluated, Waiting, whenKnown } from './task.js';
import { type Argument, addArgument, type OptionValue, optionsOf, type Value } from './values.js';

const noOptions: readonly OptionValue[] = [];

/** Evaluates options and arguments of a builtin's call, then the builtin itself. */
export function callBuiltin(
  e: Evaluation,
  builtin: Builtin,
  call: CallStmt | CallExpr,
  exprs: readonly Expr[],
  value: Value,
  scope: Scope,
): Evaluated {
  const origin: Origin = new CallOrigin(scope, call.callee);
  if (call.kind === 'call') {
    return withArguments(e, builtin, exprs, 0, {
      args: [],
      options: noOptions,
      value,
      origin,
      scope,
      bound: undefined,
      call,
    });
  }
  const { binding } = scope;
  const bound = call.bind !== undefined && call.bind === binding?.clause ? binding.effect : undefined;
  if (call.with === undefined) {
    return withArguments(e, builtin, exprs, 0, { args: [], options: noOptions, value, origin, scope, bound, call });
  }
  const kind = builtin.options ?? (`option::${builtin.name}` as const);
  return whenKnown(e.rules.expr(e, call.with.expr, kind, { ...scope, frame: origin }), (given) => {
    const options = given.kind === 'options' ? optionsOf(given.last) : noOptions;
    return withArguments(e, builtin, exprs, 0, { args: [], options, value, origin, scope, bound, call });
  });
}

/** A call of a builtin whose arguments are being evaluated. */
interface Draft extends BuiltinCall {
  readonly args: Argument[];
}

/** Goes on with the argument at a place. */
function withArguments(e: Evaluation, builtin: Builtin, exprs: readonly Expr[], from: number, call: Draft): Evaluated {
  const inside = argumentScope(call.scope);
  for (let place = from; place < exprs.length; place += 1) {
    const expr = exprs[place];
    if (expr === undefined) continue;
    const kind = parameterKind(builtin, place);
    const given = (kind === 'pipeline' ? undefined : simpleExpr(expr, inside)) ?? e.rules.expr(e, expr, kind, inside);
    if (given instanceof Waiting) {
      return whenKnown(given, (value) => {
        addArgument(call.args, value, expr, inside);
        return withArguments(e, builtin, exprs, place + 1, call);
      });
    }
    addArgument(call.args, given, expr, inside);
  }
  return builtinHandler(builtin)(e, call);
}

function parameterKind(builtin: Builtin, place: number): Kind {
  const param = builtin.params[place] ?? builtin.params.at(-1);
  return param?.type ?? 'string';
}
