import type { Container, ContainerProcess } from '@hlb/buildkit';
import { failedCommand, type HeldFailure } from '@hlb/runtime';
import { type Io, write } from '../process/io.js';
import { visibleText } from '../views/visible-text.js';
import { attach } from './attach.js';

/** The shell that is opened where none is named. */
const USUAL_SHELL: readonly string[] = ['/bin/sh'];

/** What a shell on failure is opened with. */
export interface ShellOptions {
  /** The words of the command; without one `/bin/sh`. */
  readonly command: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/**
 * Opens a shell in the file system that a failed command left, as that command was run: its environment, directory and user, its
 * mounts, caches, secrets and agents. Says why where that can't be; returns when the shell has ended. Nothing that it does is kept.
 */
export async function failureShell(io: Io, failure: HeldFailure, options: ShellOptions): Promise<void> {
  const command = failedCommand(failure.error);
  if (command === undefined) {
    await tell(io, 'no shell is opened: what failed is no command, so there is no file system that it left');
    return;
  }
  const args = options.command ?? USUAL_SHELL;
  let container: Container | undefined;
  try {
    container = await failure.gateway.newContainer(command.container, options.signal);
    await tell(
      io,
      '\nA shell in the file system that the command left follows: what you change there is lost.\n' +
        'Leave it with exit or Ctrl-D. What ran, for you to run again:\n' +
        `  ${visibleText(shellWords(command.args))}`,
    );
    const process = await container.start({
      ...command.process,
      env: withTerminal(command.process.env ?? [], io.env.TERM),
      args,
      tty: true,
      stdin: true,
    });
    const shown = watch(process);
    const exit = await attach(io, process, options.signal);
    if (exit.code !== 0 && !shown()) await tell(io, missingShell(args));
  } catch (error) {
    if (options.signal.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    await tell(io, /no such file|not found/.test(why) ? missingShell(args) : `the shell could not be opened: ${why}`);
  } finally {
    await container?.release().catch(() => undefined);
  }
}

/**
 * Whether the process has written anything. Engines say of a program that can't be started only that it ended; a shell at least asks
 * for a command. What was typed ahead comes back as it is, control characters as `^C`.
 */
function watch(process: ContainerProcess): () => boolean {
  let wrote = false;
  process.stdout.on('data', (chunk: Buffer) => {
    wrote ||= /[^\s\p{C}]/u.test(chunk.toString('utf8').replace(/\^./g, ''));
  });
  return () => wrote;
}

function missingShell(args: readonly string[]): string {
  return (
    `${JSON.stringify(args.join(' '))} can not be started in this file system\n` +
    '  Name a program that is there: --on-failure=shell:/bin/bash, or --on-failure="shell:/busybox sh".'
  );
}

/** The words as a shell reads them; of what a shell was given, the text itself. */
function shellWords(args: readonly string[]): string {
  const [shell = '', flag, text, ...more] = args;
  if (/sh$/.test(shell) && flag === '-c' && text !== undefined && more.length === 0) return text;
  return args.map((arg) => (/^[\w./:=@%+,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`)).join(' ');
}

function withTerminal(env: readonly string[], terminal: string | undefined): readonly string[] {
  if (env.some((one) => one.startsWith('TERM='))) return env;
  return [...env, `TERM=${terminal === undefined || terminal === '' ? 'xterm' : terminal}`];
}

function tell(io: Io, text: string): Promise<void> {
  return write(io.stderr, `${text}\n`);
}
