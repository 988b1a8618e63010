import type { CheckedModule, FunctionSymbol, ModuleSymbol } from '@hlb/checker';
import { type Diagnostic, diagnostic, InternalError } from '@hlb/diagnostics';
import type { IrModule, OpId, Request } from '@hlb/ir';
import type { Expr } from '@hlb/parser';
import { followWalk } from '../walk/walk.js';
import { evaluationRules } from './blocks.js';
import { Evaluation, EvaluationStopped, type Level, type Step } from './evaluation.js';
import { applyFunction, type Called } from './functions.js';
import type { ModuleInstance, Scope } from './scope.js';
import { emptyValue } from './simple.js';
import { placeOutputs } from './stages/place-outputs.js';
import { finishStage, leaf, type OutputPlaces, type Stage } from './stages/stages.js';
import { taskOf } from './task.js';
import type { Value } from './values.js';

export interface ElaborateOptions {
  /** Names of functions or aliases, in the order of the command line. */
  readonly targets: readonly string[];
  /** Where the program's relative paths lead: relative to the current directory, or absolute. */
  readonly directory: string;
  /** The program's imports by name, each with its own imports; only those that the targets use are needed. */
  readonly loadedModules?: ReadonlyMap<string, ModuleInstance>;
  readonly level?: Level;
}

export interface Elaborated {
  readonly module: IrModule;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Runs a program: evaluates its targets to a module of ops. The language has neither conditions nor loops, so this ends, or it is
 * a recursion, which is a diagnostic. The program must be free of the checker's errors.
 */
export function elaborate(checked: CheckedModule, options: ElaborateOptions): Elaborated {
  return atOnce(evaluateTargets(new Evaluation(options.level ?? 'default', evaluationRules, false), checked, options));
}

/**
 * As `elaborate`, statement by statement: gives each before it is evaluated, and goes on when it is asked for the next. Every call
 * is evaluated, strictly in order, as at `-O0`. Steps hold values that never change and are the same in each evaluation, so going
 * back is looking at one that was kept, or evaluating up to it again.
 */
export function elaborateStepwise(
  checked: CheckedModule,
  options: Omit<ElaborateOptions, 'level'>,
): Generator<Step, Elaborated, void> {
  return evaluateTargets(new Evaluation('O0', evaluationRules, true), checked, options);
}

function* evaluateTargets(
  e: Evaluation,
  checked: CheckedModule,
  options: Omit<ElaborateOptions, 'level'>,
): Generator<Step, Elaborated, void> {
  const { directory, loadedModules: imports = new Map() } = options;
  const instance: ModuleInstance = { checked, directory, imports };
  const targets: EvaluatedTarget[] = [];
  try {
    for (const name of options.targets) {
      const target = findTarget(e, instance, name);
      if (target === undefined) continue;
      const outputs = e.outputs.length;
      const start = emptyValue(e, (target.alias ?? target.symbol).type ?? 'fs');
      const args = target.symbol.params.map((): undefined => undefined);
      const value = yield* followWalk(taskOf(applyFunction(e, target, args, start, undefined, 'plain')), start);
      targets.push({ name, value, outputs: e.outputs.slice(outputs) });
    }
  } catch (error) {
    passUnlessStopped(error);
  }
  return finish(e, targets);
}

/** The result of an evaluation that doesn't stop before its statements. */
function atOnce(evaluation: Generator<Step, Elaborated, void>): Elaborated {
  const { done, value } = evaluation.next();
  if (done !== true) throw new InternalError('an evaluation stopped that nobody follows');
  return value;
}

export interface ElaborateExpressionOptions {
  /** What the value is called among the targets. */
  readonly name: string;
  /** What the expression is to yield. */
  readonly kind: 'fs' | 'string';
  readonly level?: Level;
}

/**
 * Evaluates one expression of a module alone, as the only target: what an import is taken from. The imports that it uses itself must
 * be loaded, and its module be free of the checker's errors.
 */
export function elaborateExpression(
  instance: ModuleInstance,
  expr: Expr,
  { name, kind, level = 'default' }: ElaborateExpressionOptions,
): Elaborated {
  return atOnce(evaluateExpression(new Evaluation(level, evaluationRules, false), instance, expr, { name, kind }));
}

function* evaluateExpression(
  e: Evaluation,
  instance: ModuleInstance,
  expr: Expr,
  { name, kind }: ElaborateExpressionOptions,
): Generator<Step, Elaborated, void> {
  const scope: Scope = { instance, args: [], frame: undefined, binding: undefined, pushes: new Map(), locals: 'plain' };
  const targets: EvaluatedTarget[] = [];
  try {
    const value = yield* followWalk(taskOf(evaluationRules.expr(e, expr, kind, scope)), emptyValue(e, kind));
    targets.push({ name, value, outputs: e.outputs });
  } catch (error) {
    passUnlessStopped(error);
  }
  return finish(e, targets);
}

interface EvaluatedTarget {
  readonly name: string;
  readonly value: Value;
  readonly outputs: readonly OpId[];
}

/** What would never end was met and reported: no error. */
function passUnlessStopped(error: unknown): void {
  if (!(error instanceof EvaluationStopped)) throw error;
}

function finish(e: Evaluation, targets: readonly EvaluatedTarget[]): Elaborated {
  const places: OutputPlaces = new Map();
  targets.forEach(({ name, value, outputs }, index) => {
    const request = requestOf(e, value, outputs, index, places);
    e.builder.target(name, request);
  });
  placeOutputs(e, places, targets);
  return { module: e.shared.apply(e.builder.build()), diagnostics: e.diagnostics };
}

function findTarget(e: Evaluation, instance: ModuleInstance, name: string): Called | undefined {
  const symbol: ModuleSymbol | undefined = instance.checked.symbols.get(name);
  switch (symbol?.kind) {
    case undefined:
      e.diagnostics.push(
        diagnostic('HLB0501', {
          message: `the program has no function ${name} that could be a target`,
          helps: targetNames(instance),
        }),
      );
      return undefined;
    case 'import':
      e.report('HLB0501', undefined, {
        message: `${name} is an import, not a function: it can't be a target`,
        at: { file: instance.checked.file, start: symbol.decl.name.start, end: symbol.decl.name.end },
      });
      return undefined;
    case 'function':
      return withoutArguments(e, instance, symbol, name) ? { symbol, instance } : undefined;
    case 'alias':
      return withoutArguments(e, instance, symbol.closure, name)
        ? { symbol: symbol.closure, instance, alias: symbol }
        : undefined;
  }
}

function withoutArguments(e: Evaluation, instance: ModuleInstance, symbol: FunctionSymbol, name: string): boolean {
  const needed = symbol.params.filter((param) => !param.variadic).length;
  if (needed === 0) return true;
  const { start, end } = symbol.decl.name;
  e.report('HLB0502', undefined, {
    message: `the target ${name} has ${needed} parameter${needed === 1 ? '' : 's'}, and a target gets no arguments`,
    at: { file: instance.checked.file, start, end },
    helps: [`Declare a function without parameters that calls ${symbol.name} with the arguments that you want.`],
  });
  return false;
}

function targetNames(instance: ModuleInstance): readonly string[] {
  const names = [...instance.checked.symbols.values()]
    .filter((symbol) => symbol.kind === 'function' && symbol.params.length === 0 && !symbol.type?.startsWith('option'))
    .map((symbol) => symbol.name);
  if (names.length === 0) return [];
  return [`It has: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}.`];
}

function requestOf(
  e: Evaluation,
  value: Value,
  outputs: readonly OpId[],
  index: number,
  places: OutputPlaces,
): Request {
  switch (value.kind) {
    case 'fs': {
      const stage: Stage = leaf(e.isEmptyFs(value.op) ? undefined : value.op, outputs);
      return finishStage(stage, { above: undefined, index }, places);
    }
    case 'pipeline':
      return finishStage(value.stage, { above: undefined, index }, places);
    case 'string':
      return { kind: 'text', value: value.text };
    case 'int':
      return { kind: 'text', value: value.value.toString() };
    case 'bool':
      return { kind: 'text', value: value.value ? 'true' : 'false' };
    case 'options':
    case 'list':
      return { kind: 'nothing' };
  }
}
