/** Ends a command with a message for the user: what is wrong, and what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 1: the program or the build failed; 2: wrong usage. */
  readonly exitCode: 1 | 2;
  /** Sentences that say what to do. */
  readonly helps: readonly string[];

  constructor(message: string, options: { exitCode?: 1 | 2; helps?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
    this.helps = options.helps ?? [];
  }
}

/** Wrong usage: exit code 2. */
export function usageError(message: string, ...helps: readonly string[]): CommandError {
  return new CommandError(message, { exitCode: 2, helps });
}
