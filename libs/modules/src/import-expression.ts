import type { ImportSymbol } from '@hlb/checker';
import { type Diagnostic, diagnostic, InternalError } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import { type Definition, emptyDefinition } from '@hlb/llb';
import { assumedResults, type CompileResult, compileExpression, type ModuleInstance } from '@hlb/lowering';
import { constantString, type Expr, isTextLiteral } from '@hlb/parser';
import { type Plan, resolveLater, type SolveStep, type Step, type StepResults } from '@hlb/plan';
import type { ModuleEngine } from './engine.js';

/** The session's id in definitions that are compared between builds. */
const ANY_SESSION = 'session';

export interface ExpressionOptions {
  readonly facts: Facts;
  readonly platform: string;
  readonly engine: ModuleEngine | undefined;
  /** Nothing is run on this host for it: an expression that would is left alone. */
  readonly quiet: boolean;
  readonly signal: AbortSignal | undefined;
  /** As of `LoadModulesOptions`. */
  readonly allow: readonly string[] | undefined;
}

/** What the text of an import is. */
export type ImportText =
  | { readonly kind: 'text'; readonly text: string }
  /** It would run something. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

/** The text of an expression that is a literal; `undefined` for one that has to be evaluated. */
export function constantText(expr: Expr): string | undefined {
  if (expr.kind === 'func-lit' || expr.kind === 'call' || expr.kind === 'bad') return undefined;
  return isTextLiteral(expr) ? constantString(expr) : undefined;
}

/** Evaluates the text of an import. */
export async function importText(
  instance: ModuleInstance,
  symbol: ImportSymbol,
  options: ExpressionOptions,
): Promise<ImportText> {
  const { expr } = symbol.decl;
  const constant = constantText(expr);
  if (constant !== undefined) return { kind: 'text', text: constant };
  if (options.quiet) {
    const reason = await runsSomething(instance, symbol, options);
    if (reason !== undefined) return { kind: 'unknown', reason };
  }
  const result = await compiled(instance, symbol, 'string', ANY_SESSION, options);
  const text = result.plan?.targets[0]?.text;
  if (text?.kind === 'known') return { kind: 'text', text: text.value };
  if (result.plan === undefined || text === undefined) return { kind: 'failed', diagnostics: result.diagnostics };
  const { engine } = options;
  if (engine !== undefined) {
    const { plan = result.plan } = hasLocals(result.plan)
      ? await compiled(instance, symbol, 'string', await engine.sessionId(), options)
      : result;
    const later = plan.targets[0]?.text ?? text;
    return { kind: 'text', text: resolveLater(later, await engine.run(plan.steps, plan.platform)) };
  }
  const late = diagnostic('HLB0531', {
    message: `where the module ${symbol.name} is must be known before anything is built`,
    at: { file: instance.checked.file, start: expr.start, end: expr.end },
  });
  return { kind: 'failed', diagnostics: [late] };
}

/** The file system of an import, compiled. */
export type ImportFs =
  | { readonly kind: 'fs'; readonly built: ImportedFs }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

/**
 * Compiles the file system of an import. It is compiled as it says, since the name of a vendored copy follows from its ops.
 */
export async function importFs(
  instance: ModuleInstance,
  symbol: ImportSymbol,
  options: ExpressionOptions,
): Promise<ImportFs> {
  if (options.quiet) {
    const reason = await runsSomething(instance, symbol, options);
    if (reason !== undefined) return { kind: 'unknown', reason };
  }
  const { plan, diagnostics } = await compiled(instance, symbol, 'fs', ANY_SESSION, options);
  if (plan === undefined) return { kind: 'failed', diagnostics };
  if (plan.targets[0]?.request?.kind !== 'solve') return { kind: 'empty' };
  const planWith = async (sessionId: string | undefined): Promise<Plan> => {
    const again = await compiled(instance, symbol, 'fs', sessionId, options);
    if (again.plan === undefined) throw new InternalError('an expression can be compiled only once');
    return again.plan;
  };
  return { kind: 'fs', built: new ImportedFs(plan, planWith, options) };
}

/** A file system that holds a module: what names it, and how it is built. */
export class ImportedFs {
  readonly #plan: Plan;
  readonly #planWith: (sessionId: string | undefined) => Promise<Plan>;
  readonly #options: ExpressionOptions;
  /** The plan with the live session in its locals. */
  #live: Promise<Plan> | undefined;
  #results: Promise<StepResults> | undefined;

  constructor(plan: Plan, planWith: (sessionId: string | undefined) => Promise<Plan>, options: ExpressionOptions) {
    this.#plan = plan;
    this.#planWith = planWith;
    this.#options = options;
  }

  /** Whether its definition waits for what a frontend gives. */
  get isLater(): boolean {
    return solveStepOf(this.#plan).definition.kind === 'later';
  }

  /** The definition, whatever the session; frontends have run for it where there is an engine. */
  definition(): Promise<Definition> {
    return this.#resolve(this.#plan);
  }

  /** The definition as the reference writes it, by whose digest copies are named. */
  async referenceDefinition(): Promise<Definition> {
    return this.#resolve(hasLocals(this.#plan) ? await this.#planWith(undefined) : this.#plan);
  }

  /** The step that builds it, and what those before it gave. */
  async step(engine: ModuleEngine): Promise<{ readonly step: SolveStep; readonly results: StepResults }> {
    const live = await this.#livePlan(engine);
    return { step: solveStepOf(live), results: await this.#run(engine) };
  }

  async #resolve(plan: Plan): Promise<Definition> {
    const { definition } = solveStepOf(plan);
    if (definition.kind === 'known') return definition.value;
    const { engine, facts } = this.#options;
    const results = engine === undefined ? await assumedResults(plan, facts) : await this.#run(engine);
    return resolveLater(definition, results);
  }

  #livePlan(engine: ModuleEngine): Promise<Plan> {
    this.#live ??= hasLocals(this.#plan)
      ? engine.sessionId().then((id) => this.#planWith(id))
      : Promise.resolve(this.#plan);
    return this.#live;
  }

  #run(engine: ModuleEngine): Promise<StepResults> {
    this.#results ??= this.#livePlan(engine).then((plan) => engine.run(stepsBefore(plan), plan.platform));
    return this.#results;
  }
}

/** The definition of scratch has no file. */
export function isEmpty(definition: Definition): boolean {
  return definition.def.length <= emptyDefinition.def.length;
}

function hasLocals(plan: Plan): boolean {
  return plan.steps.some(({ session, lateNeeds }) => session.directories.length > 0 || lateNeeds !== undefined);
}

function finalStep(plan: Plan): { readonly step: Step; readonly definition: SolveStep['definition'] } {
  const request = plan.targets[0]?.request;
  const step = request?.kind === 'solve' ? plan.steps.find(({ id }) => id === request.step) : undefined;
  if (request?.kind !== 'solve' || step === undefined) throw new InternalError('an import has nothing to solve');
  return { step, definition: request.definition };
}

/** The solve of the import; where the expression ends with an output, a solve of the same beside it. */
function solveStepOf(plan: Plan): SolveStep {
  const { step, definition } = finalStep(plan);
  const { id, after, session, entitlements, lateNeeds, call } = step;
  return {
    kind: 'solve',
    id,
    name: `import ${plan.targets[0]?.name ?? ''}`,
    definition,
    after,
    session,
    entitlements,
    ...(lateNeeds === undefined ? {} : { lateNeeds }),
    call,
  };
}

function stepsBefore(plan: Plan): readonly Step[] {
  const { step } = finalStep(plan);
  return step.kind === 'solve' ? plan.steps.filter(({ id }) => id !== step.id) : plan.steps;
}

function compiled(
  instance: ModuleInstance,
  { name, decl }: ImportSymbol,
  kind: 'fs' | 'string',
  sessionId: string | undefined,
  { facts, platform, signal, allow }: ExpressionOptions,
): Promise<CompileResult> {
  return compileExpression(instance, {
    ...{ expr: decl.expr, kind, name, facts, platform, level: 'O0' },
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(signal === undefined ? {} : { signal }),
    ...(allow === undefined ? {} : { allow }),
  });
}

/** What an expression would run on this host or ask a registry; `undefined` for one that only reads. */
async function runsSomething(
  instance: ModuleInstance,
  symbol: ImportSymbol,
  options: ExpressionOptions,
): Promise<string | undefined> {
  const kind = instance.checked.exprKind(symbol.decl.expr) === 'string' ? 'string' : 'fs';
  let reason: string | undefined;
  const refusing: Facts = {
    ...options.facts,
    command: async () => {
      reason = 'a command on this host says where it is';
      return { output: '', discarded: '', exit: 0 };
    },
    manifest: async () => {
      reason ??= 'a registry says where it is';
      return undefined;
    },
  };
  await compiled(instance, symbol, kind, ANY_SESSION, { ...options, facts: refusing });
  return reason;
}
