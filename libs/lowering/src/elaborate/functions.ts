import type { AliasSymbol, FunctionSymbol, Kind, Param } from '@hlb/checker';
import type { OpId, Origin } from '@hlb/ir';
import type { BindClause, Expr, IdentExpr } from '@hlb/parser';
import { type Evaluation, EvaluationStopped } from './evaluation.js';
import { type Binding, CallOrigin, framesOf, type LocalUse, type ModuleInstance, type Scope } from './scope.js';
import { argumentScope, emptyValue, simpleExpr } from './simple.js';
import { type Evaluated, Waiting, whenKnown } from './task.js';
import { type Argument, addArgument, holds, replaceBy, type Value } from './values.js';

/** A function that is called, or the one around the bind of an alias that is called. */
export interface Called {
  readonly symbol: FunctionSymbol;
  readonly instance: ModuleInstance;
  readonly alias?: AliasSymbol;
}

/** Calls a user function with arguments of the caller's scope, starting from `start`. */
export function callFunction(
  e: Evaluation,
  target: Called,
  callee: IdentExpr,
  exprs: readonly Expr[],
  start: Value,
  scope: Scope,
): Evaluated {
  const frame: Origin = new CallOrigin(scope, callee);
  const args = target.symbol.params.map((): undefined => undefined);
  return withArguments(e, exprs, 0, { target, args, more: [], start, frame, scope });
}

/** A call of a function whose arguments are being evaluated. */
interface Draft {
  readonly target: Called;
  /** Values of the parameters, by place. */
  readonly args: (Value | undefined)[];
  /** What the variadic parameter takes. */
  readonly more: Argument[];
  readonly start: Value;
  readonly frame: Origin;
  readonly scope: Scope;
}

/** Goes on with the argument at a place. */
function withArguments(e: Evaluation, exprs: readonly Expr[], from: number, call: Draft): Evaluated {
  const { target, args, scope } = call;
  const { params } = target.symbol;
  const inside = argumentScope(scope);
  for (let place = from; place < exprs.length; place += 1) {
    const expr = exprs[place];
    const index = Math.min(place, params.length - 1);
    const param = params[index];
    if (expr === undefined || param === undefined || (place > index && !param.variadic)) break;
    const kind: Kind = param.type ?? 'string';
    const simple = kind === 'pipeline' ? undefined : simpleExpr(expr, inside);
    if (simple === undefined && scope.binding === undefined && !e.reads.reads(target.symbol, target.instance, index)) {
      continue;
    }
    const given = simple ?? e.rules.expr(e, expr, kind, inside);
    if (given instanceof Waiting) {
      return whenKnown(given, (value) => {
        setArgument(call, param, index, value, expr);
        return withArguments(e, exprs, place + 1, call);
      });
    }
    setArgument(call, param, index, given, expr);
  }
  const last = params.at(-1);
  if (last?.variadic === true) args[params.length - 1] = variadicValue(call.more, last.type ?? 'string');
  return applyFunction(e, target, args, call.start, call.frame, scope.locals);
}

function setArgument({ args, more, scope }: Draft, param: Param, index: number, value: Value, expr: Expr): void {
  if (param.variadic) addArgument(more, value, expr, scope);
  else args[index] = value.kind === 'list' ? value.items[0]?.value : value;
}

/** What a variadic parameter holds: options as one list of them, since they add up wherever they stand, of others an argument each. */
function variadicValue(items: readonly Argument[], kind: Kind): Value {
  if (!kind.startsWith('option::')) return { kind: 'list', items };
  const [first, ...more] = items;
  return more.reduce<Value>(
    (all, { value }) => replaceBy(all, value),
    first?.value ?? { kind: 'options', last: undefined },
  );
}

/** Of most functions; what is remembered of each call holds no table of its own. */
const noPushes: ReadonlyMap<BindClause, OpId> = new Map();

/** Evaluates a function's body with the values of its parameters, or gives what the same call gave before. */
export function applyFunction(
  e: Evaluation,
  target: Called,
  args: readonly (Value | undefined)[],
  start: Value,
  frame: Origin | undefined,
  locals: LocalUse,
): Evaluated {
  const { symbol, instance, alias } = target;
  if (symbol.decl.body === undefined) return start;
  if (alias === undefined || !bindsPush(e, target)) return applyBody(e, target, args, start, frame, locals);
  const around = applyBody(e, { symbol, instance }, args, emptyValue(e, symbol.type ?? 'fs'), frame, locals);
  return whenKnown(around, () => {
    const push = e.lastPushes.get(alias.bind);
    return push === undefined ? applyBody(e, target, args, start, frame, locals) : pushDigest(e, push);
  });
}

function applyBody(
  e: Evaluation,
  { symbol, instance, alias }: Called,
  args: readonly (Value | undefined)[],
  start: Value,
  frame: Origin | undefined,
  locals: LocalUse,
): Evaluated {
  const { body } = symbol.decl;
  if (body === undefined) return start;
  const call = e.level === 'O0' ? undefined : { symbol: alias ?? symbol, start, args };
  const remembered = call === undefined ? undefined : e.memo.get(call);
  if (remembered !== undefined && (remembered.generation ?? e.generation) === e.generation) {
    if (remembered.generation !== undefined) e.locals += 1;
    e.shared.note(remembered, frame);
    e.lastPushes = remembered.pushes;
    return remembered.value;
  }
  if (e.active.has(symbol)) stopRecursion(e, symbol, frame);
  e.active.set(symbol, frame);
  const before = { locals: e.locals, nonces: e.nonces, generation: e.generation, size: e.builder.size };
  const kind = symbol.type ?? 'fs';
  const binding: Binding | undefined =
    alias === undefined ? undefined : { clause: alias.bind, effect: alias.effect, result: undefined };
  const bound = new Map<BindClause, OpId>();
  const inner: Scope = { instance, args, frame, binding, pushes: bound, locals: localUse(e, alias, locals) };
  const first = holds(kind, start) ? start : emptyValue(e, kind);
  return whenKnown(e.rules.block(e, body, kind, first, inner), (given) => {
    e.active.delete(symbol);
    const pushes = bound.size === 0 ? noPushes : bound;
    const value = binding?.result ?? given;
    if (call !== undefined && e.nonces === before.nonces) {
      const generation = e.locals === before.locals ? undefined : e.generation;
      if (generation === undefined || before.generation === generation) {
        e.memo.set(call, { value, generation, pushes, from: before.size, to: e.builder.size, frame });
      }
    }
    e.lastPushes = pushes;
    return value;
  });
}

/**
 * Whether a name stands for the digest of a push. Above `-O0` such a function is evaluated as it stands, and the digest is that of
 * the push that it makes: so a function that is called and whose digest is read pushes once.
 */
function bindsPush(e: Evaluation, { instance, alias }: Called): boolean {
  if (e.level === 'O0' || alias?.effect !== 'digest') return false;
  const resolution = instance.checked.resolve(alias.call);
  return resolution?.kind === 'builtin' && resolution.builtin.name === 'dockerPush';
}

function pushDigest(e: Evaluation, push: OpId): Value {
  const { origins } = e.builder.op(push);
  return { kind: 'string', text: e.add({ kind: 'push-digest', push, origins }) };
}

/**
 * How locals come into a function's body. The binding is in force in the body around the bound mount alone, and not in what that calls
 * as statements. Above `-O0` locals are never copied first: there the identity of one is its directory, not the time of its last
 * change, and the copy protects nothing.
 */
function localUse(e: Evaluation, alias: AliasSymbol | undefined, outer: LocalUse): LocalUse {
  if (e.level !== 'O0' || outer === 'copied') return outer;
  return alias?.effect === 'target' ? 'in-arguments' : 'plain';
}

/**
 * A function whose body is being evaluated is called again. Nothing in the language can end that: there are no conditions.
 */
function stopRecursion(e: Evaluation, symbol: FunctionSymbol, frame: Origin | undefined): never {
  const cycle: string[] = [];
  const calls: Origin[] = [];
  let inside = false;
  for (const [active, call] of e.active) {
    if (active === symbol) inside = true;
    else if (inside && call !== undefined) calls.push(call);
    if (inside) cycle.push(active.name);
  }
  const shown = cycle.length > 12 ? [...cycle.slice(0, 6), '…', ...cycle.slice(-5)] : cycle;
  e.report('HLB0503', frame?.caller, {
    message: `${symbol.name} calls itself without end: ${[...shown, symbol.name].join(' → ')}`,
    ...(frame === undefined ? {} : { at: frame.span }),
    label: 'the call that closes the circle',
    related: calls.slice(0, 8).map(({ span }) => ({ span, message: 'called here' })),
    notes: ['The language has no conditions, so a function that reaches itself never ends.'],
  });
  throw new EvaluationStopped(`${framesOf(frame).length} calls`);
}
