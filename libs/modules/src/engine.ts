import { LARGEST_MODULE } from '@hlb/facts';
import {
  type Plan,
  type SolveStep,
  type Step,
  type StepFactPort,
  type StepId,
  type StepResult,
  type StepResults,
  withLateNeeds,
} from '@hlb/plan';
import type { Build, BuiltFiles, SolveErrorDetails, SolveEvent } from '@hlb/runtime';
import { ModuleFileError } from './directory.js';
import type { ReadModuleFile } from './offers.js';

export interface ModuleEngineOptions {
  /** The build in whose session everything runs; asked for when the first module has to be built. */
  readonly open: () => Promise<Build>;
  readonly signal?: AbortSignal;
  /** Whom steps ask that wait for others. */
  readonly facts: StepFactPort;
  /** What happens while modules are built. */
  readonly onEvent?: (event: SolveEvent) => void;
}

/** What an import is taken from could not be built; the message is the engine's. */
export class ModuleBuildError extends Error {
  override readonly name = 'ModuleBuildError';
  readonly details: SolveErrorDetails;

  constructor(message: string, details: SolveErrorDetails, options: ErrorOptions) {
    super(message, options);
    this.details = details;
  }
}

/** Builds and fetches what imports are taken from. The runtime is loaded when it is needed: most imports are files. */
export class ModuleEngine {
  readonly #options: ModuleEngineOptions;
  /** How many builds are going on, and what ends the listening to their news. */
  #building = 0;
  #stopListening: () => void = () => {};

  constructor(options: ModuleEngineOptions) {
    this.#options = options;
  }

  /** The session that serves the locals of an import's expression. */
  async sessionId(): Promise<string> {
    return (await this.#options.open()).sessionId;
  }

  /**
   * Runs steps, and gives their results.
   * @throws ModuleBuildError
   */
  async run(steps: readonly Step[], platform: string): Promise<StepResults> {
    const results = new Map<StepId, StepResult>();
    if (steps.length === 0) return results;
    const { facts, signal, onEvent } = this.#options;
    const { execute } = await import('@hlb/runtime');
    const build = await this.#options.open();
    const plan: Plan = { steps, targets: [], platform };
    await asBuildError(
      new Promise<void>((resolve, reject) => {
        execute(plan, build, { facts, signal, onResult: (step, result) => results.set(step, result) }).subscribe({
          next: (event) => onEvent?.(event),
          error: reject,
          complete: resolve,
        });
      }),
    );
    return results;
  }

  /** Lets the session of the build serve what a step needs, for another that is made of what it solves. */
  async serve({ step, results }: { readonly step: SolveStep; readonly results: StepResults }): Promise<void> {
    const { serveNeeds } = await import('@hlb/runtime');
    const build = await this.#options.open();
    await serveNeeds(build.session, withLateNeeds(step, results).session, build.env);
  }

  /** Reads what a step solves. It is built when its first file is read, once. */
  files(made: () => Promise<{ readonly step: SolveStep; readonly results: StepResults }>): ReadModuleFile {
    const { signal } = this.#options;
    let building: Promise<BuiltFiles> | undefined;
    return async (path) => {
      building ??= made().then(({ step, results }) => this.#build(step, results));
      const files = await building;
      try {
        return Buffer.from(await files.read(path, LARGEST_MODULE, signal)).toString('utf8');
      } catch (error) {
        signal?.throwIfAborted();
        throw new ModuleFileError(error instanceof Error ? error.message : String(error), { cause: error });
      }
    };
  }

  async #build(step: SolveStep, results: StepResults): Promise<BuiltFiles> {
    const { openFiles, StatusEvents } = await import('@hlb/runtime');
    const build = await this.#options.open();
    if (this.#building === 0) {
      const events = new StatusEvents(step.id, build.sessionId);
      const tell = (told: Iterable<SolveEvent>): void => {
        for (const event of told) this.#options.onEvent?.(event);
      };
      const stop = build.onNews((news) => tell(events.take(news)));
      this.#stopListening = () => {
        stop();
        tell(events.end());
      };
    }
    this.#building += 1;
    try {
      return await asBuildError(openFiles(step, results, build, this.#options.signal));
    } finally {
      this.#building -= 1;
      if (this.#building === 0) this.#stopListening();
    }
  }
}

async function asBuildError<T>(running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    const { SolveError } = await import('@hlb/runtime');
    if (!(error instanceof SolveError) || error.details.reason === 'cancelled') throw error;
    throw new ModuleBuildError(error.message, error.details, { cause: error });
  }
}
