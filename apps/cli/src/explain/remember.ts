import { join, resolve } from 'node:path';
import type { SourceFile } from '@hlb/diagnostics';
import { BuildRecorder, HistoryStore, historyFolder, type RunRecord, type TargetKey } from '@hlb/history';
import type { Plan, StepId } from '@hlb/plan';
import type { Build, SolvedGraph, SolveEvent } from '@hlb/runtime';
import type { Io } from '../process/io.js';

/** The key of a target's builds; `-` is the standard input of a command in this folder. */
export function targetKey(io: Io, file: string, target: string): TargetKey {
  return { program: file === '-' ? join(io.cwd, '<stdin>') : resolve(io.cwd, file), target };
}

/** Remembers a build for `hlb explain`. */
export class BuildMemory {
  readonly #build: Build;
  readonly #recorder = new BuildRecorder();
  readonly #stop: () => void;
  #key: Uint8Array | undefined;

  constructor(build: Build) {
    this.#build = build;
    this.#stop = this.#recorder.listen(build.session);
  }

  /** Takes in an event of the build. */
  take(event: SolveEvent): void {
    this.#recorder.take(event);
  }

  /** Takes in that a step is solved; what follows from it alone is made ready in the first idle moment. */
  define(io: Io, plan: Plan, graph: SolvedGraph, step: StepId): void {
    setImmediate(() => {
      const { sessionId } = this.#build;
      try {
        const key = this.#keyOf(io);
        for (const target of plan.targets) {
          const { steps, definitions } = solvedBy(plan, graph, target);
          // Once, when the last of the target's steps is being solved.
          if (steps.has(step) && definitions.length === steps.size)
            this.#recorder.prepare({ definitions, sessionId }, key);
        }
      } catch (error) {
        if (!isSystemError(error)) throw error;
      }
    });
  }

  /** Writes down what became of each target. A folder that can't be written is no reason to fail. */
  keep(
    io: Io,
    file: string,
    ended: {
      readonly plan: Plan;
      readonly graph: SolvedGraph;
      readonly files: readonly SourceFile[];
      readonly outcome: RunRecord['outcome'];
    },
  ): void {
    this.#stop();
    const { plan, graph, files, outcome } = ended;
    const store = new HistoryStore(historyFolder(io.env));
    const { sessionId, engine } = this.#build;
    const programs = files.map(({ text }) => text);
    try {
      const key = this.#keyOf(io);
      for (const target of plan.targets) {
        const { definitions } = solvedBy(plan, graph, target);
        if (definitions.length === 0) continue;
        const build = { definitions, sessionId, engine, outcome, programs, time: Date.now() };
        store.save(targetKey(io, file, target.name), this.#recorder.finish(build, key));
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }

  #keyOf(io: Io): Uint8Array {
    this.#key ??= new HistoryStore(historyFolder(io.env)).key();
    return this.#key;
  }
}

/** What was solved for a target, in the order in which it was. */
function solvedBy(
  plan: Plan,
  graph: SolvedGraph,
  target: Plan['targets'][number],
): {
  readonly steps: ReadonlySet<StepId>;
  readonly definitions: readonly SolvedGraph['definitions'][number]['definition'][];
} {
  const steps = stepsOf(plan, target.steps);
  const definitions = graph.definitions.filter(({ step }) => steps.has(step)).map(({ definition }) => definition);
  return { steps, definitions };
}

/** The steps of a target and all that they wait for. */
function stepsOf(plan: Plan, ids: readonly StepId[]): ReadonlySet<StepId> {
  const wanted = new Set(ids);
  // Each step stands after those that it needs.
  for (const step of [...plan.steps].reverse()) {
    if (wanted.has(step.id)) for (const id of step.after) wanted.add(id);
  }
  return wanted;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
