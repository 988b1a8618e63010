import type { FunctionSymbol, Kind } from '@hlb/checker';
import { type Diagnostic, type DiagnosticCode, type DiagnosticInit, diagnostic, type Span } from '@hlb/diagnostics';
import { ModuleBuilder, type Op, type OpId, type Origin } from '@hlb/ir';
import type { BindClause, Block, CallStmt, Expr, ExprStmt } from '@hlb/parser';
import { framesOf, type Scope } from './scope.js';
import { CallMemo } from './sharing/memo.js';
import { ReadParameters } from './sharing/reads.js';
import { SharedOrigins } from './sharing/shared-origins.js';
import type { Evaluated } from './task.js';
import type { Value } from './values.js';

/** `O0`: as the reference evaluates, each call anew. `default`: equal calls are evaluated once. */
export type Level = 'O0' | 'default';

/**
 * A statement that is about to be evaluated, for tools that follow a program's steps. Nothing of it changes later, so a tool can keep
 * the steps and go back to any.
 */
export interface Step {
  readonly statement: CallStmt | ExprStmt;
  /** Where it stands. */
  readonly at: Span;
  /** The value of the block so far. */
  readonly value: Value;
  /** The values of the function's parameters, and the calls around. */
  readonly scope: Scope;
  /** How many ops there are by now: the op of `value`, and all that it is made of, are among these. */
  readonly ops: number;
}

/** The language's rules for blocks and expressions. */
export interface EvaluationRules {
  /** Evaluates a block of a kind from a start value. */
  block(e: Evaluation, block: Block, kind: Kind, start: Value, scope: Scope): Evaluated;
  /** Evaluates an expression where a value of a kind is expected. */
  expr(e: Evaluation, expr: Expr, kind: Kind, scope: Scope): Evaluated;
}

/** Stops an evaluation that would never end; what was found is in the diagnostics. */
export class EvaluationStopped extends Error {
  override readonly name = 'EvaluationStopped';
}

/** More ops than this are taken for a program that doubles itself over and over: some GB of memory. */
const maxOps = 4_000_000;

/** What evaluating one program keeps: the module as it grows, the diagnostics, and the calls that are going on. */
export class Evaluation {
  readonly level: Level;
  readonly rules: EvaluationRules;
  readonly builder: ModuleBuilder = new ModuleBuilder();
  readonly diagnostics: Diagnostic[] = [];
  /** Output ops in the order of evaluation. */
  readonly outputs: OpId[] = [];
  /** Functions whose bodies are being evaluated, outermost first, with the call of each. */
  readonly active: Map<FunctionSymbol, Origin | undefined> = new Map();
  readonly memo: CallMemo = new CallMemo();
  /** Calls that were given what an equal call had made. */
  readonly shared: SharedOrigins = new SharedOrigins();
  readonly reads: ReadParameters = new ReadParameters();
  /** Whether it stops before each statement. */
  readonly stepwise: boolean;
  /** How many blocks and expressions are being evaluated at once, inside of each other. */
  depth: number = 0;
  /** Which state of the host's files a local sees. */
  generation: number = 0;
  /** Locals made so far, and how many of them this generation has. */
  locals: number = 0;
  localsBefore: number = 0;
  /** Outputs of the stages that are over. */
  outputsBefore: number = 0;
  /** Runs made so far that must never be taken for another. */
  nonces: number = 0;
  /** The bound pushes of the call that was evaluated last. */
  lastPushes: ReadonlyMap<BindClause, OpId> = new Map();
  #empty: OpId | undefined;

  constructor(level: Level, rules: EvaluationRules, stepwise: boolean) {
    this.level = level;
    this.rules = rules;
    this.stepwise = stepwise;
  }

  add(op: Op): OpId {
    if (this.builder.size >= maxOps) {
      const [origin] = op.origins;
      this.report('HLB0526', origin?.caller, {
        message: `the program expands to more than ${maxOps} operations`,
        ...(origin === undefined ? {} : { at: origin.span }),
      });
      throw new EvaluationStopped();
    }
    return this.builder.add(op);
  }

  addFs(op: Op): Value {
    return { kind: 'fs', op: this.add(op) };
  }

  /** The file system that a block starts from where nothing came in. */
  emptyFs(): OpId {
    this.#empty ??= this.add({ kind: 'scratch', origins: [] });
    return this.#empty;
  }

  isEmptyFs(op: OpId): boolean {
    return op === this.#empty;
  }

  /** A stage is over: what was downloaded in it may have changed what later locals read. */
  endStage(): void {
    if (this.outputs.length > this.outputsBefore) this.nextGeneration();
    this.outputsBefore = this.outputs.length;
  }

  /** From here on locals read another state of the host's files: an output or a command may have written there. */
  nextGeneration(): void {
    if (this.locals === this.localsBefore) return;
    this.localsBefore = this.locals;
    this.generation += 1;
  }

  /** Reports a problem met below `frame`. */
  report(code: DiagnosticCode, frame: Origin | undefined, init: DiagnosticInit): void {
    this.diagnostics.push(diagnostic(code, { ...init, frames: framesOf(frame) }));
  }
}
