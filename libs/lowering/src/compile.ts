import { type CheckedModule, check, checkReferences, interfaceOf } from '@hlb/checker';
import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import type { Facts } from '@hlb/facts';
import { type IrModule, type Pass, type PassReport, type PassUse, runPasses } from '@hlb/ir';
import { type Expr, type Module, parse } from '@hlb/parser';
import type { Plan } from '@hlb/plan';
import { type Elaborated, elaborate, elaborateExpression } from './elaborate/elaborate.js';
import type { Level } from './elaborate/evaluation.js';
import type { ModuleInstance } from './elaborate/scope.js';
import { askLowering } from './facts/ask-lowering.js';
import { askTexts } from './facts/ask-texts.js';
import { referenceLocalId } from './facts/reference-local-id.js';
import { resolveLocals } from './facts/resolve-locals.js';
import { lower } from './lower/lower.js';
import { trustIn } from './lower/trust.js';
import { passesAt, pipeline } from './pipeline.js';

export interface CompileOptions {
  /** Names of functions or aliases. Default: `default`. */
  readonly targets?: readonly string[];
  /** Where the program's relative paths lead, relative to the current directory or absolute. Default: `.`. */
  readonly directory?: string;
  readonly facts: Facts;
  /** `os/arch[/variant]` of what doesn't say another. */
  readonly platform: string;
  readonly level?: Level;
  /** The session that serves the locals; without one they are written in the reference's form, which is for comparison only. */
  readonly sessionId?: string;
  /** The program's imports, loaded and checked. */
  readonly loadedModules?: ReadonlyMap<string, ModuleInstance>;
  /**
   * Passes from outside, placed among the project's by what they say, and those of the project that run on request. At `-O0` those run
   * that are `required`.
   */
  readonly passes?: readonly PassUse[];
  /** Names of optional passes of the project that don't run. */
  readonly skipped?: readonly string[];
  /** The plan is one of several, one for each platform, which `mergePlatforms` then puts together. */
  readonly severalPlatforms?: boolean;
  /** What modules from elsewhere may ask for, `network.host` or `security.insecure`; without it they may ask for all. */
  readonly allow?: readonly string[];
  /** Verify the module before all and after each pass that changed it. */
  readonly verify?: boolean;
  readonly signal?: AbortSignal;
}

/** What each stage gave, as far as the compile came. */
export interface CompileResult {
  readonly ast: Module;
  readonly checked: CheckedModule;
  /** As elaborated. */
  readonly ir: IrModule | undefined;
  /** As lowered. */
  readonly optimized: IrModule | undefined;
  /** The module after a pass, by its name; of passes that did not run, or changed nothing since, the one before. */
  irAfter(pass: string): IrModule | undefined;
  readonly passes: readonly PassReport[];
  /** Absent where there are errors. */
  readonly plan: Plan | undefined;
  /** Of all stages, in their order. */
  readonly diagnostics: readonly Diagnostic[];
  /** How long each stage took, in milliseconds. */
  readonly timings: ReadonlyMap<string, number>;
}

/**
 * Compiles a program: text to plan. Asks the host for what the program reads of it, and the engine for what it must know of images;
 * changes nothing anywhere. What is wrong with the program is in the diagnostics.
 */
export async function compile(file: SourceFile, options: CompileOptions): Promise<CompileResult> {
  const timings = new Timings();
  const parsed = timings.time('parse', () => parse(file));
  const checked = timings.time('check', () => check(parsed.module));
  const interfaces = new Map(
    [...(options.loadedModules ?? [])].map(([name, loaded]) => [name, interfaceOf(loaded.checked)]),
  );
  const references = checkReferences(checked, interfaces);
  const result = await compileChecked(checked, options, timings, [...parsed.diagnostics, ...references]);
  return { ...result, ast: parsed.module };
}

/** As `compile`, of a program that was parsed and checked before. */
export async function compileChecked(
  checked: CheckedModule,
  options: CompileOptions,
  timings: Timings = new Timings(),
  found: readonly Diagnostic[] = [],
): Promise<CompileResult> {
  const { targets = ['default'], directory = '.', level = 'default', loadedModules } = options;
  const compilation = new Compilation(checked, options, timings, loadedModules?.values() ?? [], () =>
    elaborate(checked, { targets, directory, level, ...(loadedModules === undefined ? {} : { loadedModules }) }),
  );
  compilation.report(found);
  compilation.report(checked.diagnostics);
  await compilation.run();
  return compilation.result();
}

/** What compiling one expression of a module takes: of a program's options those that have a meaning there. */
export interface CompileExpressionOptions
  extends Pick<
    CompileOptions,
    'allow' | 'facts' | 'platform' | 'level' | 'sessionId' | 'skipped' | 'verify' | 'signal'
  > {
  readonly expr: Expr;
  readonly kind: 'fs' | 'string';
  /** The name of the only target of the plan. */
  readonly name: string;
}

/** Compiles one expression of a module alone: what an import is taken from. The imports that it uses must be loaded. */
export async function compileExpression(
  instance: ModuleInstance,
  options: CompileExpressionOptions,
): Promise<CompileResult> {
  const { expr, kind, name, level = 'default' } = options;
  const compilation = new Compilation(instance.checked, options, new Timings(), [instance], () =>
    elaborateExpression(instance, expr, { name, kind, level }),
  );
  await compilation.run();
  return compilation.result();
}

class Compilation {
  readonly #checked: CheckedModule;
  readonly #options: CompileOptions;
  readonly #timings: Timings;
  readonly #modules: Iterable<ModuleInstance>;
  readonly #elaborate: () => Elaborated;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #reported = new Set<string>();
  readonly #after = new Map<string, IrModule>();
  readonly #reports: PassReport[] = [];
  #ir: IrModule | undefined;
  #optimized: IrModule | undefined;
  #plan: Plan | undefined;

  /** @param modules those that it is made of, but for the program itself */
  constructor(
    checked: CheckedModule,
    options: CompileOptions,
    timings: Timings,
    modules: Iterable<ModuleInstance>,
    elaborating: () => Elaborated,
  ) {
    this.#checked = checked;
    this.#options = options;
    this.#timings = timings;
    this.#modules = modules;
    this.#elaborate = elaborating;
  }

  /** Adds what is new: two stages may meet the same problem. */
  report(diagnostics: readonly Diagnostic[]): void {
    for (const each of diagnostics) {
      const at = each.labels[0]?.span;
      const key = JSON.stringify([each.code, at?.file.name, at?.start, each.message]);
      if (this.#reported.has(key)) continue;
      this.#reported.add(key);
      this.#diagnostics.push(each);
    }
  }

  async run(): Promise<void> {
    if (this.#failed()) return;
    const { facts, platform, level = 'default', signal } = this.#options;
    const elaborated = this.#timings.time('elaborate', this.#elaborate);
    this.report(elaborated.diagnostics);
    this.#ir = elaborated.module;
    if (this.#failed()) return;
    signal?.throwIfAborted();
    const texts = await this.#timings.wait('host texts', askTexts(elaborated.module, { facts, platform, level }));
    const located = await this.#timings.wait('host paths', resolveLocals(texts.module, facts));
    this.report([...texts.diagnostics, ...located.diagnostics]);
    const optimized = await this.#runPasses(located.module, level);
    if (optimized === undefined || this.#failed()) return;
    signal?.throwIfAborted();
    await this.#lower(optimized, level);
  }

  async #runPasses(module: IrModule, level: Level): Promise<IrModule | undefined> {
    const { facts, platform, passes = [], skipped, verify, signal } = this.#options;
    const own: readonly Pass[] = passesAt(level, skipped);
    const outside = passes.filter(({ pass }) => level !== 'O0' || pass.required === true);
    const outcome = await this.#timings.wait(
      'passes',
      runPasses(module, [...own.map((pass) => ({ pass })), ...outside], {
        facts,
        platform,
        known: [...pipeline, ...passes].map(({ pass }) => pass.name),
        ...(verify === undefined ? {} : { verify }),
        ...(signal === undefined ? {} : { signal }),
        onPass: (report, after) => {
          this.#after.set(report.name, after);
          this.#reports.push(report);
          this.#timings.add(`pass ${report.name}`, report.duration);
        },
      }),
    );
    this.report(outcome.diagnostics);
    this.#optimized = outcome.module;
    return outcome.ok ? outcome.module : undefined;
  }

  async #lower(module: IrModule, level: Level): Promise<void> {
    const { allow, facts, platform, sessionId, severalPlatforms } = this.#options;
    const asked = await this.#timings.wait(
      'engine',
      askLowering(module, {
        facts,
        platform,
        level,
        builds: sessionId !== undefined,
        ...(sessionId === undefined ? { localId: referenceLocalId } : {}),
      }),
    );
    this.report(asked.diagnostics);
    if (this.#failed()) return;
    const lowered = this.#timings.time('lower', () =>
      lower(module, {
        platform,
        level,
        answers: asked.answers,
        ...(severalPlatforms === undefined ? {} : { severalPlatforms }),
        ...(allow === undefined ? {} : { trust: trustIn(this.#modules, allow) }),
        ...(sessionId === undefined ? {} : { sessionId }),
      }),
    );
    this.report(lowered.diagnostics);
    if (!this.#failed()) this.#plan = lowered.plan;
  }

  #failed(): boolean {
    return this.#diagnostics.some(({ severity }) => severity === 'error');
  }

  result(): CompileResult {
    return {
      ast: this.#checked.module,
      checked: this.#checked,
      ir: this.#ir,
      optimized: this.#optimized,
      irAfter: (pass) => this.#after.get(pass),
      passes: this.#reports,
      plan: this.#plan,
      diagnostics: this.#diagnostics,
      timings: this.#timings.all,
    };
  }
}

/** How long stages took, in milliseconds. */
export class Timings {
  readonly #times = new Map<string, number>();

  get all(): ReadonlyMap<string, number> {
    return this.#times;
  }

  time<T>(stage: string, run: () => T): T {
    const start = performance.now();
    try {
      return run();
    } finally {
      this.add(stage, performance.now() - start);
    }
  }

  async wait<T>(stage: string, running: Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await running;
    } finally {
      this.add(stage, performance.now() - start);
    }
  }

  add(stage: string, milliseconds: number): void {
    this.#times.set(stage, (this.#times.get(stage) ?? 0) + milliseconds);
  }
}
