/** What went wrong, for programs; the sentence and the help are for people. */
export type EngineErrorCode =
  | 'not-linux'
  | 'not-root'
  | 'no-privileges'
  | 'no-apt'
  | 'no-package-source'
  | 'no-cgroups'
  | 'no-overlay'
  | 'bad-option'
  | 'bad-folder'
  | 'disk-full'
  | 'no-network'
  | 'no-suite'
  | 'no-package'
  | 'untrusted-packages'
  | 'packages-failed'
  | 'network-failed'
  | 'other-settings'
  | 'start-failed'
  | 'stop-failed'
  | 'registry-failed'
  | 'command-failed'
  | 'aborted';

const otherEngine = 'set BUILDKIT_HOST or DOCKER_HOST to the address of an engine that runs elsewhere';

/** The help that fits every failure to manage an engine: how to build without a managed one. */
export const elsewhere: string = `S${otherEngine.slice(1)}.`;

/** A help sentence that offers to `doThis` first. */
export function orElsewhere(doThis: string): string {
  return `${doThis}, or ${otherEngine}.`;
}

/** Every failure of this library: a code, one sentence (`message`), what to do about it (`help`), and what lay beneath (`cause`). */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly help: string;

  constructor(code: EngineErrorCode, message: string, help: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.help = help;
  }
}

/** The error of an operation that its caller's `AbortSignal` ended. */
export function abortedError(cause?: unknown): EngineError {
  return new EngineError('aborted', 'The operation was interrupted.', 'Run it again to go on where it stopped.', cause);
}

/** Throws the `aborted` error when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal.reason);
}

/** Turns a failure of the file system in `dir` into an `EngineError` that says what to change. */
export function folderError(error: unknown, dir: string): EngineError {
  if (error instanceof EngineError) return error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFullError(dir, error);
  const what = error instanceof Error ? error.message : String(error);
  return new EngineError(
    'bad-folder',
    `The engine's folder ${dir} can't be used: ${what}.`,
    'Set HLB_ENGINE_DIR to a folder that can be written.',
    error,
  );
}

/** The error of a disk that is full, wherever that was noticed. */
export function diskFullError(dir: string, cause?: unknown, detail?: string): EngineError {
  return new EngineError(
    'disk-full',
    `The disk that holds ${dir} is full${detail === undefined ? '' : `: ${detail}`}.`,
    'Free some space (`hlb engine purge` deletes the engine and its cache), or set HLB_ENGINE_DIR to a folder on another disk.',
    cause,
  );
}

/** The `code` of an error of the operating system, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
