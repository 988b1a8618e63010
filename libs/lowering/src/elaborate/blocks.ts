import type { Kind } from '@hlb/checker';
import { InternalError, unreachable } from '@hlb/diagnostics';
import type { Block, CallStmt, Expr, ExprStmt } from '@hlb/parser';
import { callBuiltin } from './call-builtin.js';
import type { Evaluation, EvaluationRules } from './evaluation.js';
import { callFunction } from './functions.js';
import { textLiteral } from './literals.js';
import { type Scope, spanOf } from './scope.js';
import { argumentsOf, calledFunction } from './sharing/reads.js';
import { emptyValue, simpleExpr, simpleLiteral } from './simple.js';
import { leaf } from './stages/stages.js';
import { type Evaluated, type Task, taskOf, Waiting, whenKnown } from './task.js';
import { replaceBy, type Value } from './values.js';

/** How blocks and expressions are evaluated, for all that needs them without standing above them. */
export const evaluationRules: EvaluationRules = { block: evaluateBlock, expr: evaluateExpr };

/**
 * How many blocks and expressions are evaluated inside of each other before one waits until the stack is free again: some six calls a
 * level, which the smallest stack has room for.
 */
const MOST_AT_ONCE = 64;

/** Evaluates a block: each statement takes the value of the one before and gives the next. */
function evaluateBlock(e: Evaluation, { items }: Block, kind: Kind, start: Value, scope: Scope): Evaluated {
  if (e.stepwise || e.depth >= MOST_AT_ONCE) return new Waiting(blockTask(e, items, 0, kind, start, scope));
  e.depth += 1;
  const given = evaluateItems(e, items, kind, start, scope);
  e.depth -= 1;
  return given;
}

function evaluateItems(e: Evaluation, items: Block['items'], kind: Kind, start: Value, scope: Scope): Evaluated {
  let value = start;
  for (let place = 0; place < items.length; place += 1) {
    const given = evaluateItem(e, items[place], kind, value, scope);
    if (given instanceof Waiting) return new Waiting(blockTask(e, items, place + 1, kind, given, scope));
    value = given;
  }
  return value;
}

/** The items of a block from a place on. */
function* blockTask(
  e: Evaluation,
  items: Block['items'],
  from: number,
  kind: Kind,
  start: Evaluated,
  scope: Scope,
): Task {
  let value = yield* taskOf(start);
  for (let place = from; place < items.length; place += 1) {
    const item = items[place];
    if (e.stepwise && item !== undefined && isStatement(item)) {
      yield { pause: { statement: item, at: spanOf(scope, item), value, scope, ops: e.builder.size } };
    }
    value = yield* taskOf(evaluateItem(e, item, kind, value, scope));
  }
  return value;
}

function isStatement(item: Block['items'][number]): item is CallStmt | ExprStmt {
  return item.kind === 'call-stmt' || item.kind === 'expr-stmt';
}

function evaluateItem(
  e: Evaluation,
  item: Block['items'][number] | undefined,
  kind: Kind,
  value: Value,
  scope: Scope,
): Evaluated {
  switch (item?.kind) {
    case 'call-stmt':
      return evaluateCall(e, item, value, scope);
    case 'expr-stmt':
      return simpleExpr(item.expr, scope) ?? evaluateExpr(e, item.expr, kind, scope);
    default:
      return value;
  }
}

function evaluateCall(e: Evaluation, call: CallStmt, value: Value, scope: Scope): Evaluated {
  const resolution = scope.instance.checked.resolve(call);
  switch (resolution?.kind) {
    case undefined:
      throw new InternalError(`a call of ${call.name} was not resolved`);
    case 'breakpoint':
      return value;
    case 'param':
      return replaceBy(value, scope.args[resolution.index]);
    case 'builtin':
      return callBuiltin(e, resolution.builtin, call, call.args, value, scope);
    case 'function':
    case 'alias':
    case 'member': {
      const target = called(e, scope, call);
      return target === undefined ? value : callFunction(e, target, call.callee, call.args, value, scope);
    }
    default:
      return unreachable(resolution);
  }
}

/** Evaluates an expression where a value of this kind is expected. */
function evaluateExpr(e: Evaluation, expr: Expr, kind: Kind, scope: Scope): Evaluated {
  if (e.depth >= MOST_AT_ONCE) return new Waiting(exprTask(e, expr, kind, scope));
  e.depth += 1;
  const given = kind === 'pipeline' ? pipelineExpr(e, expr, scope) : plainExpr(e, expr, kind, scope);
  e.depth -= 1;
  return given;
}

function* exprTask(e: Evaluation, expr: Expr, kind: Kind, scope: Scope): Task {
  return yield* taskOf(evaluateExpr(e, expr, kind, scope));
}

/** Evaluates an expression as a stage of a pipeline: of a file system its solve, with the outputs that it makes. */
function pipelineExpr(e: Evaluation, expr: Expr, scope: Scope): Evaluated {
  const outputs = e.outputs.length;
  return whenKnown(plainExpr(e, expr, 'pipeline', scope), (value) =>
    value.kind === 'list'
      ? { kind: 'list', items: value.items.map((item) => ({ ...item, value: stageOf(e, item.value, []) })) }
      : stageOf(e, value, e.outputs.slice(outputs)),
  );
}

/** A value as a stage: a pipeline itself, a file system's solve. */
function stageOf(e: Evaluation, value: Value, outputs: Evaluation['outputs']): Value {
  if (value.kind === 'pipeline') return value;
  const solved = value.kind === 'fs' && !e.isEmptyFs(value.op) ? value.op : undefined;
  return { kind: 'pipeline', stage: leaf(solved, outputs) };
}

function plainExpr(e: Evaluation, expr: Expr, kind: Kind, scope: Scope): Evaluated {
  switch (expr.kind) {
    case 'func-lit': {
      const type = scope.instance.checked.literalKind(expr) ?? kind;
      return evaluateBlock(e, expr.body, type, emptyValue(e, type), scope);
    }
    case 'call': {
      const resolution = scope.instance.checked.resolve(expr);
      switch (resolution?.kind) {
        case undefined:
          throw new InternalError(`a call of ${expr.name} was not resolved`);
        case 'breakpoint':
          return emptyValue(e, kind);
        case 'param':
          return scope.args[resolution.index] ?? emptyValue(e, kind);
        case 'builtin': {
          const { builtin } = resolution;
          return callBuiltin(e, builtin, expr, argumentsOf(expr), emptyValue(e, builtin.kind), scope);
        }
        case 'function':
        case 'alias':
        case 'member': {
          const target = called(e, scope, expr);
          if (target === undefined) return emptyValue(e, kind);
          const start = emptyValue(e, (target.alias ?? target.symbol).type ?? kind);
          return callFunction(e, target, expr.callee, argumentsOf(expr), start, scope);
        }
        default:
          return unreachable(resolution);
      }
    }
    case 'bad':
      throw new InternalError('a program with errors is evaluated');
    default:
      return simpleLiteral(expr) ?? textLiteral(e, expr, scope);
  }
}

/** The function that a call evaluates; `undefined`, with a diagnostic, where its module was not loaded. */
function called(
  e: Evaluation,
  scope: Scope,
  call: Parameters<typeof calledFunction>[1],
): ReturnType<typeof calledFunction> {
  const found = calledFunction(scope.instance, call);
  if (found === undefined) {
    e.report('HLB0533', scope.frame, {
      message: `the module ${call.name} was not loaded, so nothing of it can be evaluated`,
      at: spanOf(scope, call.callee),
    });
  }
  return found;
}
