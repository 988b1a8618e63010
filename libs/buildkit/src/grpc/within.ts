/** A limit of time on what somebody else may give up, too. */
export interface Limit {
  readonly signal: AbortSignal;
  /** Whether it was the time that ran out. */
  readonly isOver: () => boolean;
}

/**
 * Does something that is given up after so many ms, or when the caller's signal says so. Unlike with `AbortSignal.timeout`, no timer is
 * left when it is done.
 */
export async function within<Value>(
  ms: number,
  signal: AbortSignal | undefined,
  use: (limit: Limit) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`no answer within ${ms / 1000} s`)), ms);
  const onAbort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const isOver = (): boolean => stop.signal.aborted && signal?.aborted !== true;
    return await use({ signal: stop.signal, isOver });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
