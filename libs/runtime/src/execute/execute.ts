import { type BuildkitError, type Gateway, solve, type TransferError, type TransferEvent } from '@hlb/buildkit';
import { InternalError } from '@hlb/diagnostics';
import type { Definition } from '@hlb/llb';
import {
  type EngineStep,
  type Plan,
  resolveLater,
  type Step,
  type StepFactPort,
  type StepId,
  type StepResult,
  withLateNeeds,
} from '@hlb/plan';
import { Observable } from 'rxjs';
import type { SolveError, SolveEvent } from '../events/events.js';
import { now } from '../events/now.js';
import { StatusEvents } from '../events/status-events.js';
import { heldSolve } from '../failure/held-solve.js';
import { isReason, solveFailure } from '../failure/solve-failure.js';
import { runOutputStep } from '../outputs/output-step.js';
import { Attempt } from '../retry/attempt.js';
import { DEFAULT_RETRIES, retrying } from '../retry/retrying.js';
import type { Build } from '../session/build.js';
import { serveNeeds } from '../session/session-needs.js';
import { CacheExports } from '../settings/cache-exports.js';
import { runFactStep } from '../steps/fact-step.js';
import { runFrontendStep } from '../steps/frontend-step.js';
import { platformsSolve } from '../steps/platforms-solve.js';
import { runSolveStep } from '../steps/solve-step.js';
import type { StepRun } from '../steps/step-run.js';
import { dependencies } from './dependencies.js';
import { runTasks } from './schedule.js';

/** Solves that run side by side unless told otherwise. */
const DEFAULT_JOBS = 20;

export interface ExecuteOptions {
  /** Solves that may run side by side. */
  readonly jobs?: number;
  /** After a failure, go on with the steps that don't wait for the one that failed. */
  readonly keepGoing?: boolean;
  /** How often a step is done once more when a registry or a network failed while it fetched: 2 unless told otherwise. */
  readonly retries?: number;
  /** Whom steps ask that wait for the results of others; needed by plans that have such. */
  readonly facts?: StepFactPort;
  /** Cancels it on the engine; the stream then ends with a `SolveError` whose reason is `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Told what each step gave, as soon as it is there. */
  readonly onResult?: (step: StepId, result: StepResult) => void;
  /** Told what each step solves, before it does; of a frontend each of its inputs. */
  readonly onDefinition?: (step: StepId, definition: Definition) => void;
  /**
   * Told of the first thing that fails on the engine while its containers can still be made there; the step's failure waits for what
   * it returns. With it every solve is evaluated in a build of which this client is the frontend.
   */
  readonly onFailure?: (failure: HeldFailure) => Promise<void>;
}

/** What failed on an engine, while the file systems in which it did can still be mounted. */
export interface HeldFailure {
  readonly step: StepId;
  readonly gateway: Gateway;
  readonly error: BuildkitError;
  /** The same as the stream's error will be, if nothing else fails before. */
  readonly failure: SolveError;
}

/**
 * Runs a plan. Cold: each subscription runs it; unsubscribing cancels it on the engine. Ends with a `SolveError` when a step
 * failed, after everything has ended. The build stays open.
 */
export function execute(plan: Plan, build: Build, options: ExecuteOptions = {}): Observable<SolveEvent> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const signal =
      options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]);
    const execution = new Execution(build, (event) => subscriber.next(event), options);
    const settled = execution.run(plan, signal).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    build.track({ settled, cancel: () => controller.abort(new Error('the build was closed')) });
    return () => controller.abort(new Error('the build was cancelled'));
  });
}

class Execution {
  readonly #build: Build;
  readonly #emit: (event: SolveEvent) => void;
  readonly #options: ExecuteOptions;
  readonly #begun = new Set<StepId>();
  readonly #results = new Map<StepId, StepResult>();
  /** Numbers of transfers over all sessions, by session and the number there. */
  readonly #transfers = new Map<string, number>();
  /** What this host failed to send, by the directory's name. */
  readonly #unsent = new Map<string, TransferError>();
  #lost: Error | undefined;
  #holds = false;

  constructor(build: Build, emit: (event: SolveEvent) => void, options: ExecuteOptions) {
    this.#build = build;
    this.#emit = emit;
    this.#options = options;
  }

  async run(plan: Plan, signal: AbortSignal): Promise<void> {
    const { jobs = DEFAULT_JOBS, keepGoing = false } = this.#options;
    const { session, sessionId, engine, closed } = this.#build;
    this.#emit({ kind: 'build-opened', time: now(), sessionId, engine });
    const stopListening = session.onTransfer((transfer) => this.#transfer(sessionId, transfer));
    const gone = new AbortController();
    void closed.then((error) => {
      this.#lost ??= error;
      gone.abort(error ?? new Error('the build was closed'));
    });
    const ended = AbortSignal.any([signal, gone.signal]);
    const caches = new CacheExports(plan, this.#build, this.#emit, ended);
    const tasks = plan.steps.map((step) => ({
      id: step.id,
      after: dependencies(step),
      run: (stepSignal: AbortSignal, ready: () => void) => this.#step(step, caches, stepSignal, ready),
    }));
    try {
      await runTasks(tasks, { limit: Math.max(1, jobs), signal: ended, keepGoing });
      await caches.finish();
      this.#tellTexts(plan);
    } catch (error) {
      if (keepGoing && !signal.aborted && !gone.signal.aborted) this.#tellRest(plan);
      throw solveFailure(error, { lost: this.#lost, cancelled: signal.aborted || gone.signal.aborted });
    } finally {
      await caches.close();
      stopListening();
    }
  }

  /** The texts of the targets whose steps gave what they are made of. */
  #tellTexts({ targets }: Plan): void {
    for (const { name, text } of targets) {
      if (text === undefined || (text.kind === 'later' && !text.needs.every((id) => this.#results.has(id)))) continue;
      this.#emit({ kind: 'text', target: name, text: resolveLater(text, this.#results) });
    }
  }

  /** What is to be said at the end of a build that went on after a failure: what was left out, and what came all the same. */
  #tellRest(plan: Plan): void {
    for (const { id, name } of plan.steps) {
      if (!this.#begun.has(id)) this.#emit({ kind: 'step-skipped', time: now(), step: id, name });
    }
    this.#tellTexts(plan);
  }

  async #step(planned: Step, caches: CacheExports, signal: AbortSignal, ready: () => void): Promise<void> {
    let step = planned;
    this.#begun.add(step.id);
    const resulted = (result: StepResult): void => {
      this.#results.set(step.id, result);
      this.#options.onResult?.(step.id, result);
      ready();
    };
    try {
      step = withLateNeeds(planned, this.#results);
      await serveNeeds(this.#build.session, step.session, this.#build.env);
      resulted(await this.#perform(step, { caches, signal, resulted }));
      this.#emit({ kind: 'step-completed', time: now(), step: step.id });
    } catch (error) {
      const sending = step.session.directories
        .map(({ name }) => this.#unsent.get(name))
        .find((found) => found !== undefined);
      const failure = solveFailure(error, { step, sending, lost: this.#lost, cancelled: signal.aborted });
      this.#emit({ kind: 'step-completed', time: now(), step: step.id, error: failure.message });
      throw failure;
    }
  }

  /** Does a step, more than once where that is safe. */
  #perform(step: Step, around: Pick<StepRun, 'caches' | 'signal' | 'resulted'>): Promise<StepResult> {
    if (step.kind === 'fact') {
      const { facts } = this.#options;
      if (facts === undefined) throw new InternalError('a plan with questions is run without anyone to ask');
      return runFactStep(step, { facts, results: this.#results, signal: around.signal, emit: this.#emit });
    }
    const { retries = DEFAULT_RETRIES } = this.#options;
    let attempt: Attempt | undefined;
    return retrying(
      () => {
        attempt = new Attempt(step, this.#results);
        return perform(step, this.#stepRun(step, attempt, around));
      },
      {
        ...{ retries, signal: around.signal },
        mayRetry: (error) => attempt?.mayRetry(error) === true,
        onRetry: ({ error, ...counted }) => {
          const message = error instanceof Error ? error.message : String(error);
          const { id, name } = step;
          this.#emit({ kind: 'step-retried', time: now(), step: id, name, ...counted, error: message });
        },
      },
    );
  }

  #stepRun(
    step: EngineStep,
    attempt: Attempt,
    { caches, signal, resulted }: Pick<StepRun, 'caches' | 'signal' | 'resulted'>,
  ): StepRun {
    const { onDefinition, onFailure } = this.#options;
    const { connection } = this.#build;
    const defined = (definition: Definition): void => onDefinition?.(step.id, definition);
    const held = async (gateway: Gateway, error: BuildkitError): Promise<void> => {
      if (attempt.mayRetry(error)) return;
      await this.#held({ step: step.id, gateway, error, failure: solveFailure(error, { step }) });
    };
    return {
      build: this.#build,
      caches,
      signal,
      results: this.#results,
      defined,
      held,
      solve: (request, stop) => {
        if (request.definition !== undefined) defined(request.definition);
        const call = { signal: stop === undefined ? signal : AbortSignal.any([signal, stop]) };
        if (step.kind !== 'frontend' && step.parts !== undefined) {
          const { sourceDateEpoch: epoch } = this.#build.settings;
          const work = { parts: step.parts, results: this.#results, epoch };
          return platformsSolve(connection, request, call, work, onFailure === undefined ? undefined : held);
        }
        return onFailure === undefined ? solve(connection, request, call) : heldSolve(connection, request, call, held);
      },
      started: (ref) =>
        this.#emit({ kind: 'step-started', time: now(), step: step.id, name: step.name, stepKind: step.kind, ref }),
      hear: async ({ updates }) => {
        const events = new StatusEvents(step.id, this.#build.sessionId);
        try {
          for await (const news of updates) {
            attempt.see(news);
            for (const event of events.take(news)) this.#emit(event);
          }
        } catch {
          // The connection is lost: the solve's own call fails with it.
        }
        for (const event of events.end()) this.#emit(event);
      },
      resulted: (result) => {
        attempt.deliver();
        resulted(result);
      },
      transfer: (sessionId, transfer) => this.#transfer(sessionId, transfer),
      written: ({ kind }, destination, { ref, answer }) => {
        attempt.deliver();
        const digest = answer.get('containerimage.digest');
        this.#emit({
          ...{ kind: 'output', time: now(), step: step.id, output: kind, destination, ref, answer },
          ...(digest === undefined ? {} : { digest }),
        });
      },
    };
  }

  async #held(failure: HeldFailure): Promise<void> {
    const { onFailure } = this.#options;
    // What fails afterwards may well be a consequence; one is looked at.
    if (onFailure === undefined || this.#holds) return;
    this.#holds = true;
    await onFailure(failure);
  }

  #transfer(sessionId: string, event: TransferEvent): void {
    const { transfer, error, ...counted } = event;
    if (error !== undefined && event.direction === 'send' && isReason(error)) this.#unsent.set(event.name, error);
    const key = `${sessionId} ${transfer}`;
    const number = this.#transfers.get(key) ?? this.#transfers.size + 1;
    this.#transfers.set(key, number);
    this.#emit({ kind: 'transfer', time: now(), sessionId, transfer: number, ...counted });
  }
}

function perform(step: EngineStep, run: StepRun): Promise<StepResult> {
  switch (step.kind) {
    case 'frontend':
      return runFrontendStep(step, run);
    case 'solve':
      return runSolveStep(step, run);
    case 'output':
      return runOutputStep(step, run);
  }
}
