import { BuildkitError, TransferError } from '@hlb/buildkit';
import { InternalError } from '@hlb/diagnostics';
import { callsAround, type Step } from '@hlb/plan';
import { type ProgramPlace, SolveError, type SolveErrorDetails } from '../events/events.js';

/** Transfers that failed because of this host's files, not because the build was ended. */
const ENDED = new Set(['cancelled', 'discarded', 'incomplete']);

/** Whether a transfer's error is a reason, not a consequence. */
export function isReason(error: TransferError): boolean {
  return !ENDED.has(error.code);
}

/** What is known when something fails. */
export interface FailureContext {
  readonly step?: Step;
  /** What kept this host from sending a directory of the step, which the engine's own error has only as text. */
  readonly sending?: TransferError | undefined;
  /** Why the engine is gone, if it is. */
  readonly lost?: Error | undefined;
  /** Whether it was ended from outside: then every error of it is a consequence. */
  readonly cancelled?: boolean;
}

/** Why a step or a whole build failed. */
export function solveFailure(error: unknown, context: FailureContext): SolveError {
  if (error instanceof AggregateError) return severalFailures(error, context);
  const { step, sending, lost, cancelled } = context;
  // A step that is ended because another failed gets that one's error as the reason.
  if (error instanceof SolveError && (step === undefined || error.details.step === step.id)) return error;
  const common = { ...(step === undefined ? {} : { step: step.id }), calls: callsAround(step?.call), places: [] };
  if (lost !== undefined || (error instanceof BuildkitError && error.lost)) {
    const cause = lost ?? error;
    return new SolveError(lostMessage(cause), { ...common, reason: 'connection-lost' }, { cause });
  }
  if (cancelled === true) {
    return new SolveError('the build was cancelled', { ...common, reason: 'cancelled' }, { cause: error });
  }
  if (sending !== undefined) return withHelp(sending, { ...common, ...placesOf(error), reason: 'source-unreadable' });
  if (error instanceof TransferError) return withHelp(error, { ...common, reason: 'output-failed' });
  if (!(error instanceof BuildkitError)) {
    const message = error instanceof Error ? error.message : String(error);
    return new SolveError(message, { ...common, reason: 'solve-failed' }, { cause: error });
  }
  const { vertices, exitCode, solve } = error.details;
  const [vertex] = vertices;
  const details = {
    ...common,
    ...placesOf(error),
    ...(vertex === undefined ? {} : { vertex }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(solve?.fileAction === undefined ? {} : { fileAction: solve.fileAction }),
  };
  const reason =
    exitCode !== undefined ? 'command-failed' : error.code === 'UNIMPLEMENTED' ? 'unsupported' : 'solve-failed';
  return new SolveError(error.message, { ...details, reason }, { cause: error });
}

/** The first failure of several, which knows the others. */
function severalFailures({ errors }: AggregateError, context: FailureContext): SolveError {
  const [first, ...others] = errors.map((error) => solveFailure(error, context));
  if (first === undefined) throw new InternalError('a failure of nothing');
  return new SolveError(first.message, { ...first.details, others }, { cause: first.cause });
}

/** One sentence, whether it was the connection or the session that went. */
function lostMessage(cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  return /lost/.test(why) ? why : `the connection to the engine was lost: ${why}`;
}

function withHelp(error: TransferError, details: SolveErrorDetails): SolveError {
  return new SolveError(
    error.message,
    { ...details, ...(error.help === undefined ? {} : { help: error.help }) },
    { cause: error },
  );
}

/**
 * Places in the program, as LLB of this project carries them: lines and columns from 1, innermost first. The engine wraps its error
 * with one place after the other, so that its details begin with the last.
 */
function placesOf(error: unknown): { readonly places: readonly ProgramPlace[] } {
  if (!(error instanceof BuildkitError)) return { places: [] };
  const places = [...error.details.sources].reverse().flatMap(({ file, ranges }) =>
    ranges.map(({ start, end }) => ({
      file,
      start: { line: start.line, column: start.character },
      end: { line: end.line, column: end.character },
    })),
  );
  return { places };
}
