import type { Readable, Writable } from 'node:stream';
import { pipeOutputs } from './pipe-output.js';

/** What a command touches of the process around it, so that tests can stand in for it. */
export interface Io {
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly env: NodeJS.ProcessEnv;
  /** The current directory, absolute. */
  readonly cwd: string;
  /** The folder with what the build puts beside the bundle: modules that run in threads of their own, the pages of the help. Absent: there. */
  readonly beside?: () => Promise<URL>;
}

/**
 * A stream that may be a terminal; size in character cells. One that `queues` keeps what its reader hasn't taken yet, and gives it
 * all before the process ends: nobody waits for it.
 */
export type TerminalStream = Writable & { isTTY?: boolean; columns?: number; rows?: number; queues?: boolean };

/** The real process. */
export function processIo(): Io {
  const pipes = pipeOutputs();
  // Node's own streams are made when they are first named: what is opened anew leaves them unmade.
  const stdout = pipes.stdout ?? process.stdout;
  const stderr = pipes.stderr ?? process.stderr;
  for (const stream of new Set<TerminalStream>([stdout, stderr])) {
    // A reader that went away (`| head`) is no failure, and without a listener it would end the process with a stack.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    stdin: process.stdin,
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
  };
}

/** How colour is chosen on the command line. */
export type ColorChoice = 'auto' | 'always' | 'never';

/** Whether to colour what goes to a stream: by `--color`, else `NO_COLOR` and `FORCE_COLOR`, else whether it is a terminal. */
export function wantsColor(stream: TerminalStream, choice: ColorChoice, env: NodeJS.ProcessEnv): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Width of a stream in cells; 80 where it is no terminal. */
export function widthOf(stream: TerminalStream): number {
  return stream.isTTY === true && stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
}

/** Writes all of a text and waits until the stream has taken it, unless it queues; a closed pipe (`| head`) is no error. */
export function write(stream: TerminalStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  if (stream.queues === true) {
    stream.write(text);
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve();
      else reject(error);
    });
  });
}
