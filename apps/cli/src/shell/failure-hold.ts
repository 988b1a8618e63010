import type { ExecuteOptions, HeldFailure, SolveError, SolveEvent } from '@hlb/runtime';
import type { Io } from '../process/io.js';
import type { BuildState } from '../views/build-state.js';
import type { View } from '../views/view.js';
import type { OnFailure } from './on-failure.js';

/** How long the end of a failed command's log may take to come after the failure itself (ms). */
const LOG_PATIENCE = 1_000;

/** What a hold has around it. */
export interface HoldContext {
  readonly io: Io;
  /** What `--on-failure` asks for, if it is given. */
  readonly wanted: OnFailure | undefined;
  readonly view: View;
  readonly state: BuildState;
  readonly signal: AbortSignal;
  /** Tells the user what failed. */
  readonly report: (failure: SolveError) => Promise<void>;
}

/** Stands between a build and its view: lets a shell have the screen where something failed. */
export class FailureHold {
  readonly #context: HoldContext;
  #ended = false;
  #reported: SolveError | undefined;
  #awaited: { readonly vertex: string; readonly done: () => void } | undefined;

  constructor(context: HoldContext) {
    this.#context = context;
  }

  /** What `execute` is to be given. */
  get options(): Pick<ExecuteOptions, 'onFailure'> {
    return this.#context.wanted === undefined ? {} : { onFailure: (failure) => this.#open(failure) };
  }

  /** Shows an event; once a shell had the screen, nothing is drawn any more. */
  event(event: SolveEvent): void {
    if (this.#ended) this.#context.state.take(event);
    else this.#context.view.event(event);
    const { vertex, done } = this.#awaited ?? {};
    if (event.kind === 'vertex' && event.digest === vertex && event.completed !== undefined) done?.();
  }

  /** Ends the view, once. */
  end(outcome: Parameters<View['end']>[0]): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#context.view.end(outcome);
  }

  /** Whether this is what the user was told of before the shell. */
  hasReported({ details }: SolveError): boolean {
    const reported = this.#reported?.details;
    return reported !== undefined && reported.step === details.step && reported.vertex === details.vertex;
  }

  async #open(held: HeldFailure): Promise<void> {
    const { io, wanted, signal, report } = this.#context;
    const { failureShell } = await import('./failure-shell.js');
    await this.#wholeLog(held.failure);
    this.end('failed');
    await report(held.failure);
    this.#reported = held.failure;
    await failureShell(io, held, { command: wanted?.command, signal });
  }

  /** The news come on a stream of their own: the end of the log may be later than the failure. */
  async #wholeLog({ details: { vertex } }: SolveError): Promise<void> {
    if (vertex === undefined || this.#context.state.vertices.get(vertex)?.completed !== undefined) return;
    await new Promise<void>((done) => {
      this.#awaited = { vertex, done };
      setTimeout(done, LOG_PATIENCE).unref();
    });
    this.#awaited = undefined;
  }
}
