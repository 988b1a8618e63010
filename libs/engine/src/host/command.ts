import { spawn } from 'node:child_process';
import { abortedError, EngineError, systemCode, throwIfAborted } from '../engine-error.js';

/** How a command ended, and all that it printed. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a command runs; `signal` ends it (and the call with the `aborted` error). */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line that the command prints, on either stream. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Runs a command of the system to its end, in the C locale so that its messages can be recognised.
 * A command that fails is a result; one that can't be started is an `EngineError`.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  throwIfAborted(options.signal);
  const { promise, resolve, reject } = withResolvers<CommandResult>();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...(options.env ?? process.env), LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const abort = (): void => {
    child.kill('SIGTERM');
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  const stdout = collect(child.stdout, options.onLine);
  const stderr = collect(child.stderr, options.onLine);
  child.once('error', (error) => reject(startError(command, error)));
  child.once('close', (code) => resolve({ exitCode: code ?? 1, stdout: stdout(), stderr: stderr() }));
  try {
    const result = await promise;
    if (options.signal?.aborted) throw abortedError(options.signal.reason);
    return result;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/** The last lines of a text, for an error's message. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function collect(stream: NodeJS.ReadableStream, onLine: ((line: string) => void) | undefined): () => string {
  let text = '';
  let seen = 0;
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n', seen); end >= 0; end = text.indexOf('\n', seen)) {
      onLine?.(text.slice(seen, end));
      seen = end + 1;
    }
  });
  return () => text;
}

function startError(command: string, error: Error): EngineError {
  if (systemCode(error) !== 'ENOENT')
    return new EngineError(
      'command-failed',
      `${command} can't be run: ${error.message}.`,
      'Check its installation.',
      error,
    );
  return new EngineError(
    'command-failed',
    `The command ${command} is missing on this machine.`,
    `Install the package that has it: \`apt-get install ${packageOfCommand(command)}\`.`,
    error,
  );
}

function packageOfCommand(command: string): string {
  if (command === 'apt-get' || command === 'tar') return command.replace('apt-get', 'apt');
  if (command === 'dpkg-deb') return 'dpkg';
  return command === 'umount' ? 'mount' : 'util-linux';
}

interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
export function withResolvers<T>(): Resolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
