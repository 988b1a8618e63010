import type { Solve, TransferEvent } from '@hlb/buildkit';
import type { Output, OutputStep, StepResults } from '@hlb/plan';
import type { Build } from './build.js';

/** What a step that runs has around it. */
export interface StepRun {
  readonly build: Build;
  /** Aborted when the step is to end. */
  readonly signal: AbortSignal;
  /** Tells that the step's solve has this id on the engine. */
  started(ref: string): void;
  /** Tells the news of a solve, up to the last. */
  hear(solve: Pick<Solve, 'updates'>): Promise<void>;
  /** Tells how far a transfer of a session is. */
  transfer(sessionId: string, transfer: TransferEvent): void;
  /** Tells that an output stands at its place. */
  written(step: OutputStep, output: Output, results: StepResults, response: ReadonlyMap<string, string>): void;
}
