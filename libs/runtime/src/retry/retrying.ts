import { setTimeout as delay } from 'node:timers/promises';

/** How often something that may be repeated is done once more, unless told otherwise. */
export const DEFAULT_RETRIES = 2;

/** The pause before the first repetition (ms); each further one is four times as long. Registries that restart need that much. */
const FIRST_PAUSE_MS = 500;

/** A repetition that is about to be made. */
export interface Retry {
  /** From 1. */
  readonly retry: number;
  /** How many there will be at most. */
  readonly of: number;
  /** The pause before it (ms). */
  readonly pause: number;
  /** What failed. */
  readonly error: unknown;
}

/** How something is repeated. */
export interface RetryOptions {
  readonly retries: number;
  /** Ends the pause, too. */
  readonly signal: AbortSignal;
  /** Whether it is safe and of use to do it again after this failure. */
  readonly mayRetry: (error: unknown) => boolean;
  /** Told before the pause. */
  readonly onRetry: (retry: Retry) => void;
}

/** Does something again as long as its failure allows it, at most as often as said. Throws the last failure. */
export async function retrying<Result>(attempt: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const { retries, signal, mayRetry, onRetry } = options;
  for (let retry = 1; ; retry += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (retry > retries || signal.aborted || !mayRetry(error)) throw error;
      const pause = FIRST_PAUSE_MS * 4 ** (retry - 1);
      onRetry({ retry, of: retries, pause, error });
      await delay(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}
