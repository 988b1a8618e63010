import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { Duplex } from 'node:stream';
import { ConnectError } from '../connect/connect-error.js';

/** How much of what a program says to its standard error is kept for messages (bytes). */
const KEPT_BYTES = 4096;

/** How long a program may take to end when it is told to (ms). */
const GRACE_MS = 1_000;

/**
 * A program's standard input and output as one stream. Destroying it ends the program; its end with an error is the stream's.
 */
export class CommandStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #program: string;
  #said = '';

  private constructor(child: ChildProcessWithoutNullStreams, program: string) {
    super({ allowHalfOpen: true });
    this.#child = child;
    this.#program = program;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdout.on('error', (error) => this.destroy(error));
    // A program that ended can take no input; that it ended is told by its exit.
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-KEPT_BYTES);
    });
    child.once('close', (code, signal) => {
      if (code === 0) this.push(null);
      else this.destroy(this.#failure(code ?? signal ?? 'unknown'));
    });
  }

  /**
   * Starts a program.
   * @throws ConnectError `no-program` when it is not installed
   */
  static async start(command: readonly [program: string, ...args: string[]]): Promise<CommandStream> {
    const [program, ...args] = command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const stream = new CommandStream(child, basename(program));
    stream.on('error', () => undefined);
    try {
      await once(child, 'spawn');
    } catch (cause) {
      stream.destroy();
      throw new ConnectError(
        'no-program',
        `${basename(program)} could not be started: ${cause instanceof Error ? cause.message : String(cause)}`,
        `Install ${basename(program)}, or use an address that needs no other program.`,
        { cause },
      );
    }
    return stream;
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#child.stdin.write(chunk)) done();
    else this.#whenWritable(done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#child.stdin.cork();
    let room = true;
    for (const { chunk } of chunks) room = this.#child.stdin.write(chunk);
    this.#child.stdin.uncork();
    if (room) done();
    else this.#whenWritable(done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) {
      done(error);
      return;
    }
    // The program's end is the stream's end: who waits for `close` leaves no process behind. It may end what it has started itself
    // (ssh has its proxy commands), so that it is asked first.
    const killing = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    this.#child.once('exit', () => {
      clearTimeout(killing);
      done(error);
    });
    this.#child.kill('SIGTERM');
  }

  #whenWritable(done: () => void): void {
    const finish = (): void => {
      this.#child.stdin.off('drain', finish);
      this.#child.stdin.off('close', finish);
      done();
    };
    this.#child.stdin.once('drain', finish);
    this.#child.stdin.once('close', finish);
  }

  #failure(exit: number | string): ConnectError {
    const said = this.#said.trim();
    const how = typeof exit === 'number' ? `with exit code ${exit}` : `by ${exit}`;
    return new ConnectError('command-failed', `${this.#program} ended ${how}${said === '' ? '' : `: ${said}`}`);
  }
}
