import type { Plan, SolveStep, Step, StepId, StepResult, StepResults } from '@hlb/plan';
import { type Build, type BuiltFiles, execute, openFiles, type SolveEvent } from '@hlb/runtime';
import { LARGEST_MODULE, ModuleFileError } from './directory.js';
import type { ReadModuleFile } from './offers.js';

export interface ModuleEngineOptions {
  /** The build in whose session everything runs; asked for when the first module has to be built. */
  readonly open: () => Promise<Build>;
  readonly signal?: AbortSignal;
  /** What happens while modules are built. */
  readonly onEvent?: (event: SolveEvent) => void;
}

/** Builds and fetches what imports are taken from. */
export class ModuleEngine {
  readonly #options: ModuleEngineOptions;

  constructor(options: ModuleEngineOptions) {
    this.#options = options;
  }

  /** The session that serves the locals of an import's expression. */
  async sessionId(): Promise<string> {
    return (await this.#options.open()).sessionId;
  }

  /** Runs steps, and gives their results. */
  async run(steps: readonly Step[], platform: string): Promise<StepResults> {
    const results = new Map<StepId, StepResult>();
    if (steps.length === 0) return results;
    const { signal, onEvent } = this.#options;
    const build = await this.#options.open();
    const plan: Plan = { steps, targets: [], platform };
    await new Promise<void>((resolve, reject) => {
      execute(plan, build, { signal, onResult: (step, result) => results.set(step, result) }).subscribe({
        next: (event) => onEvent?.(event),
        error: reject,
        complete: resolve,
      });
    });
    return results;
  }

  /** Builds what a step solves when the first file of it is read, once. */
  files(made: () => Promise<{ readonly step: SolveStep; readonly results: StepResults }>): ReadModuleFile {
    const { open, signal } = this.#options;
    let opening: Promise<BuiltFiles> | undefined;
    return async (path) => {
      opening ??= made().then(async ({ step, results }) => openFiles(step, results, await open(), signal));
      const files = await opening;
      try {
        return Buffer.from(await files.read(path, LARGEST_MODULE, signal)).toString('utf8');
      } catch (error) {
        signal?.throwIfAborted();
        throw new ModuleFileError(error instanceof Error ? error.message : String(error), { cause: error });
      }
    };
  }
}
