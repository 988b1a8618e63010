/** What Ctrl-C and its kin do while a command works. */
export interface Interrupt {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** Gives the signals back to the process. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The exit code of a command that was interrupted. */
export const INTERRUPTED = 130;

/** Listens for interruption; a second signal ends the process at once. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  const listen = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, listen);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, listen);
    },
  };
}
