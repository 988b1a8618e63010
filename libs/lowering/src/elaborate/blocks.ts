import type { Kind } from '@hlb/checker';
import { InternalError, unreachable } from '@hlb/diagnostics';
import type { Block, CallStmt, Expr, ExprStmt } from '@hlb/parser';
import { callBuiltin, quickBuiltin } from './call-builtin.js';
import type { Evaluation, EvaluationRules } from './evaluation.js';
import { callFunction } from './functions.js';
import { literalTask } from './literals.js';
import { type Scope, spanOf } from './scope.js';
import { argumentsOf, calledFunction } from './sharing/reads.js';
import { emptyValue, simpleExpr, simpleLiteral } from './simple.js';
import { leaf } from './stages/stages.js';
import type { Task } from './task.js';
import { replaceBy, type Value } from './values.js';

/** How blocks and expressions are evaluated, for all that needs them without standing above them. */
export const evaluationRules: EvaluationRules = { block: blockTask, expr: exprTask };

/** Evaluates a block: each statement takes the value of the one before and gives the next. */
function* blockTask(e: Evaluation, block: Block, kind: Kind, start: Value, scope: Scope): Task {
  let value = start;
  for (const item of block.items) {
    if (item.kind !== 'call-stmt' && item.kind !== 'expr-stmt') continue;
    if (e.stepwise) {
      yield { pause: { statement: item, at: spanOf(scope, item), value, scope, ops: e.builder.size } };
    }
    value =
      item.kind === 'expr-stmt'
        ? yield* literal(e, item, kind, scope)
        : (quickStatement(e, item, value, scope) ?? (yield* statement(e, item, value, scope)));
  }
  return value;
}

/** Most statements are builtins with plain arguments, and need no task. */
function quickStatement(e: Evaluation, call: CallStmt, value: Value, scope: Scope): Value | undefined {
  const resolution = scope.instance.checked.resolve(call);
  return resolution?.kind === 'builtin' ? quickBuiltin(e, resolution.builtin, call, value, scope) : undefined;
}

function* literal(e: Evaluation, item: ExprStmt, kind: Kind, scope: Scope): Task {
  return simpleExpr(item.expr, scope) ?? (yield exprTask(e, item.expr, kind, scope));
}

function* statement(e: Evaluation, call: CallStmt, value: Value, scope: Scope): Task {
  const resolution = scope.instance.checked.resolve(call);
  switch (resolution?.kind) {
    case undefined:
      throw new InternalError(`a call of ${call.name} was not resolved`);
    case 'breakpoint':
      return value;
    case 'param':
      return replaceBy(value, scope.args[resolution.index]);
    case 'builtin':
      return yield* callBuiltin(e, resolution.builtin, call, call.args, value, scope);
    case 'function':
    case 'alias':
    case 'member': {
      const target = called(e, scope, call);
      return target === undefined ? value : yield callFunction(e, target, call.callee, call.args, value, scope);
    }
    default:
      return unreachable(resolution);
  }
}

/** Evaluates an expression where a value of this kind is expected. */
function exprTask(e: Evaluation, expr: Expr, kind: Kind, scope: Scope): Task {
  return kind === 'pipeline' ? pipelineTask(e, expr, scope) : plainExpr(e, expr, kind, scope);
}

/** Evaluates an expression as a stage of a pipeline: of a file system its solve, with the outputs that it makes. */
function* pipelineTask(e: Evaluation, expr: Expr, scope: Scope): Task {
  const outputs = e.outputs.length;
  const value = yield* plainExpr(e, expr, 'pipeline', scope);
  return value.kind === 'list'
    ? { kind: 'list', items: value.items.map((item) => ({ ...item, value: stageOf(e, item.value, []) })) }
    : stageOf(e, value, e.outputs.slice(outputs));
}

/** A value as a stage: a pipeline itself, a file system's solve. */
function stageOf(e: Evaluation, value: Value, outputs: Evaluation['outputs']): Value {
  if (value.kind === 'pipeline') return value;
  const solved = value.kind === 'fs' && !e.isEmptyFs(value.op) ? value.op : undefined;
  return { kind: 'pipeline', stage: leaf(solved, outputs) };
}

function* plainExpr(e: Evaluation, expr: Expr, kind: Kind, scope: Scope): Task {
  switch (expr.kind) {
    case 'func-lit': {
      const type = scope.instance.checked.literalKind(expr) ?? kind;
      return yield blockTask(e, expr.body, type, emptyValue(e, type), scope);
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
          return yield* callBuiltin(e, builtin, expr, argumentsOf(expr), emptyValue(e, builtin.kind), scope);
        }
        case 'function':
        case 'alias':
        case 'member': {
          const target = called(e, scope, expr);
          if (target === undefined) return emptyValue(e, kind);
          const start = emptyValue(e, (target.alias ?? target.symbol).type ?? kind);
          return yield callFunction(e, target, expr.callee, argumentsOf(expr), start, scope);
        }
        default:
          return unreachable(resolution);
      }
    }
    case 'bad':
      throw new InternalError('a program with errors is evaluated');
    default:
      return simpleLiteral(expr) ?? (yield literalTask(e, expr, scope));
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
