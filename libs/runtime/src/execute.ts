import { type Solve, solve, type TransferError, type TransferEvent } from '@hlb/buildkit';
import {
  type Output,
  type OutputStep,
  type Plan,
  resolveLater,
  type SolveStep,
  type Step,
  type StepId,
  type StepResult,
  type StepResults,
} from '@hlb/plan';
import { Observable } from 'rxjs';
import type { Build } from './build.js';
import type { SolveEvent } from './events.js';
import { runFrontendStep } from './frontend-step.js';
import { runOutputStep } from './output-step.js';
import { runTasks } from './schedule.js';
import { serveNeeds } from './session-needs.js';
import { isReason, solveFailure } from './solve-failure.js';
import { statusEvents } from './status-events.js';
import type { StepRun } from './step-run.js';

/** Solves that run side by side unless told otherwise. */
const DEFAULT_JOBS = 20;

export interface ExecuteOptions {
  /** Solves that may run side by side. */
  readonly jobs?: number;
}

/**
 * Runs a plan. Cold: each subscription runs it; unsubscribing cancels it on the engine. Ends with a `SolveError` when a step
 * failed. The build stays open.
 */
export function execute(plan: Plan, build: Build, options: ExecuteOptions = {}): Observable<SolveEvent> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const execution = new Execution(build, (event) => subscriber.next(event));
    execution.run(plan, options.jobs ?? DEFAULT_JOBS, controller.signal).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => controller.abort(new Error('the build was cancelled'));
  });
}

class Execution {
  readonly #build: Build;
  readonly #emit: (event: SolveEvent) => void;
  readonly #results = new Map<StepId, StepResult>();
  /** Numbers of transfers over all sessions, by session and the number there. */
  readonly #transfers = new Map<string, number>();
  /** Frontends that run: the news of their gateway is theirs. */
  readonly #frontends: StepId[] = [];
  #sending: TransferError | undefined;

  constructor(build: Build, emit: (event: SolveEvent) => void) {
    this.#build = build;
    this.#emit = emit;
  }

  async run(plan: Plan, limit: number, signal: AbortSignal): Promise<void> {
    const { session, sessionId, engine } = this.#build;
    this.#emit({ kind: 'build-opened', time: Date.now(), sessionId, engine });
    const stops = [
      session.onTransfer((transfer) => this.#transfer(sessionId, transfer)),
      this.#build.onNews((news) => {
        const step = this.#frontends[0] ?? plan.steps[0]?.id;
        if (step !== undefined) for (const event of statusEvents(step, news)) this.#emit(event);
      }),
    ];
    const lost = new AbortController();
    session.closed.then((error) => {
      if (error !== undefined) lost.abort(error);
    });
    try {
      const tasks = plan.steps.map((step) => ({
        id: step.id,
        after: [...step.after],
        run: (stepSignal: AbortSignal) => this.#step(step, stepSignal),
      }));
      await runTasks(tasks, { limit, signal: AbortSignal.any([signal, lost.signal]) });
      for (const { name, text } of plan.targets) {
        if (text !== undefined) this.#emit({ kind: 'text', target: name, text: resolveLater(text, this.#results) });
      }
    } catch (error) {
      throw solveFailure(error, undefined, undefined);
    } finally {
      for (const stop of stops) stop();
    }
  }

  async #step(step: Step, signal: AbortSignal): Promise<void> {
    serveNeeds(this.#build.session, step.session);
    const run = this.#stepRun(step, signal);
    try {
      this.#results.set(step.id, await this.#perform(step, run));
      this.#emit({ kind: 'step-completed', time: Date.now(), step: step.id });
    } catch (error) {
      const failure = solveFailure(error, step, this.#sending);
      this.#emit({ kind: 'step-completed', time: Date.now(), step: step.id, error: failure.message });
      throw failure;
    }
  }

  async #perform(step: Step, run: StepRun): Promise<StepResult> {
    switch (step.kind) {
      case 'frontend':
        this.#frontends.push(step.id);
        try {
          return await runFrontendStep(step, this.#results, run);
        } finally {
          this.#frontends.splice(this.#frontends.indexOf(step.id), 1);
        }
      case 'solve':
        return runSolveStep(step, this.#results, run);
      case 'output':
        return runOutputStep(step, this.#results, run);
    }
  }

  #stepRun(step: Step, signal: AbortSignal): StepRun {
    return {
      build: this.#build,
      signal,
      started: (ref) =>
        this.#emit({
          ...{ kind: 'step-started', time: Date.now() },
          ...{ step: step.id, name: step.name, stepKind: step.kind, ref },
        }),
      hear: async ({ updates }: Pick<Solve, 'updates'>) => {
        for await (const news of updates) for (const event of statusEvents(step.id, news)) this.#emit(event);
      },
      transfer: (sessionId, transfer) => this.#transfer(sessionId, transfer),
      written: (of, output, results, response) => this.#written(of, output, results, response),
    };
  }

  #transfer(sessionId: string, event: TransferEvent): void {
    const { transfer, error, warnings: _warnings, ...counted } = event;
    if (error !== undefined && event.direction === 'send' && isReason(error)) this.#sending ??= error;
    const key = `${sessionId} ${transfer}`;
    const number = this.#transfers.get(key) ?? this.#transfers.size + 1;
    this.#transfers.set(key, number);
    this.#emit({ kind: 'transfer', time: Date.now(), sessionId, transfer: number, ...counted });
  }

  #written(step: OutputStep, output: Output, results: StepResults, response: ReadonlyMap<string, string>): void {
    const digest = response.get('containerimage.digest');
    this.#emit({
      ...{ kind: 'output', time: Date.now(), step: step.id, output: output.kind },
      destination: output.kind === 'push' || output.kind === 'load' ? resolveLater(output.ref, results) : output.path,
      ...(digest === undefined ? {} : { digest }),
    });
  }
}

async function runSolveStep(step: SolveStep, results: StepResults, run: StepRun): Promise<StepResult> {
  const definition = resolveLater(step.definition, results);
  // Scratch: there is nothing to solve, and the engine would refuse it.
  if (definition.def.length === 0) return { kind: 'solve' };
  const { build, signal } = run;
  const { session, connection } = build;
  const running = solve(connection, { definition, session: session.id, entitlements: step.entitlements }, { signal });
  run.started(running.ref);
  await Promise.all([running.done, run.hear(running)]);
  return { kind: 'solve' };
}
