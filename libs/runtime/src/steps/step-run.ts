import type {
  Attributes,
  BuildkitError,
  Gateway,
  Solve,
  SolveOptions,
  StatusUpdate,
  TransferEvent,
} from '@hlb/buildkit';
import type { Definition } from '@hlb/llb';
import type { Output, StepResult, StepResults } from '@hlb/plan';
import type { Build } from '../session/build.js';
import type { CacheExports } from '../settings/cache-exports.js';

/** What a step that runs has around it. */
export interface StepRun {
  readonly build: Build;
  /** What caches are exported of what the step solves. */
  readonly caches: CacheExports;
  /** Aborted when the step is to end. */
  readonly signal: AbortSignal;
  /** What the steps that are done gave. */
  readonly results: StepResults;
  /** Starts a solve of the step, for each of its platforms. It is cancelled with the step, or by the signal. */
  solve(request: SolveOptions, signal?: AbortSignal): Solve;
  /** Tells what the step solves, which {@link solve} does for what it is given: of a frontend, each of its inputs. */
  defined(definition: Definition): void;
  /** To be called with what failed in a gateway that is still open; waits for whoever wants to look at it. */
  held(gateway: Gateway, error: BuildkitError): Promise<void>;
  /** Tells that the step's solve has this id on the engine. */
  started(ref: string): void;
  /** Tells the news of a solve, up to the last; never rejects, since the solve's own call tells how it ended. */
  hear(solve: { readonly updates: AsyncIterable<StatusUpdate> }): Promise<void>;
  /** Tells that the result is there, though not everything of the step is done: what waits for it may start. */
  resulted(result: StepResult): void;
  /** Tells how far a transfer of a session is. */
  transfer(sessionId: string, transfer: TransferEvent): void;
  /** Tells that an output stands at its place, made by the solve `ref`, and what its exporter answered. */
  written(output: Output, destination: string, made: { readonly ref: string; readonly answer: Attributes }): void;
}
