import { once } from 'node:events';
import { PassThrough, type Readable, Writable } from 'node:stream';
import { type ExecMessage, LLBBridgeService } from '@hlb/proto/gateway';
import { SecurityMode } from '@hlb/proto/llb';
import { COUNT, checkArguments, WORD } from '../arguments/forms.js';
import type { Capabilities } from '../capabilities/capabilities.js';
import { BuildkitError, errorFromStatus } from '../errors/buildkit-error.js';
import type { Call } from '../grpc/call.js';
import type { GrpcChannel } from '../grpc/channel.js';
import type { Metadata } from '../grpc/metadata.js';
import { grpcCode } from '../grpc/status.js';

export interface ProcessOptions {
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly env?: readonly string[];
  /** `/` where absent. */
  readonly cwd?: string;
  readonly user?: string;
  /** A terminal: standard error then comes with standard output. */
  readonly tty?: boolean;
  /** Whether it gets an input; without one it reads an end of file. */
  readonly stdin?: boolean;
  readonly security?: 'sandbox' | 'insecure';
  readonly secretEnv?: readonly { readonly id: string; readonly name: string; readonly optional?: boolean }[];
}

/** What a process needs of its build. */
export interface ProcessHost {
  readonly channel: GrpcChannel;
  readonly metadata: Metadata;
  readonly caps: Capabilities;
}

/** How a process ended. */
export interface ProcessExit {
  /** 255 with an error: the engine could not run it. */
  readonly code: number;
  readonly error?: BuildkitError;
}

/** Largest piece of input in one message (bytes). */
const INPUT_BYTES = 256 << 10;

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/**
 * A process in a container. Each has a stream of messages of its own: an engine ends the whole stream at the smallest mistake, such
 * as input for a process that has just ended.
 */
export class ContainerProcess {
  readonly stdin: Writable | undefined;
  readonly stdout: Readable;
  /** Absent with a terminal. */
  readonly stderr: Readable | undefined;
  /** Settles when it has ended and all of its output was taken over. */
  readonly exit: Promise<ProcessExit>;
  readonly #call: Call<ExecMessage, ExecMessage>;
  readonly #caps: Capabilities;
  readonly #outputs: ReadonlyMap<number, PassThrough>;
  /** Resolves when it runs; rejects when it ended before that, with an error of the engine. */
  readonly #started: Promise<void>;
  #exited: ProcessExit | undefined;

  private constructor(call: Call<ExecMessage, ExecMessage>, caps: Capabilities, options: ProcessOptions) {
    this.#call = call;
    this.#caps = caps;
    const outputs = new Map([[STDOUT, new PassThrough()]]);
    if (options.tty !== true) outputs.set(STDERR, new PassThrough());
    this.#outputs = outputs;
    this.stdout = outputs.get(STDOUT) ?? new PassThrough();
    this.stderr = outputs.get(STDERR);
    this.stdin = options.stdin === true ? this.#input() : undefined;
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    this.exit = this.#receive(started);
    this.exit.catch(() => undefined);
    const ended = this.exit.then(({ error }) => {
      if (error !== undefined) throw error;
    });
    this.#started = Promise.race([running, ended]);
    this.#started.catch(() => undefined);
  }

  /**
   * Starts a command.
   * @throws BuildkitError when the engine can't
   */
  static async start(
    { channel, metadata, caps }: ProcessHost,
    containerId: string,
    options: ProcessOptions,
    signal?: AbortSignal,
  ): Promise<ContainerProcess> {
    const call = channel.call<ExecMessage, ExecMessage>(LLBBridgeService.execProcess, { metadata, signal });
    const process = new ContainerProcess(call, caps, options);
    call.write({ ProcessID: PROCESS_ID, Input: { $case: 'Init', value: initMessage(containerId, options) } });
    await process.#started;
    return process;
  }

  /**
   * Sends a signal: `INT`, `TERM`, `KILL` …, with or without SIG. Nothing happens once it has ended.
   * @throws BuildkitError `UNIMPLEMENTED` from engines before 0.10, which know none
   */
  signal(name: string): void {
    checkArguments('signal', { name: [name, WORD] });
    this.#caps.require('gateway.exec.signals', 'a signal to a process');
    this.#send({ $case: 'Signal', value: { Name: name.replace(/^SIG/, '') } });
  }

  /** Tells the terminal its size. */
  resize(rows: number, columns: number): void {
    checkArguments('resize', { rows: [rows, COUNT], columns: [columns, COUNT] });
    this.#send({ $case: 'Resize', value: { Rows: rows, Cols: columns } });
  }

  /** Leaves the process alone with its container: what it writes is lost, its end is not told. */
  disconnect(): void {
    this.#call.cancel();
  }

  #send(input: ExecMessage['Input']): boolean {
    if (this.#exited !== undefined) return true;
    return this.#call.write({ ProcessID: PROCESS_ID, Input: input });
  }

  #input(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        void this.#sendInput(chunk).then(() => done(), done);
      },
      final: (done) => {
        this.#send({ $case: 'File', value: { Fd: STDIN, EOF: true, Data: new Uint8Array() } });
        done();
      },
    });
  }

  async #sendInput(chunk: Buffer): Promise<void> {
    await this.#started;
    for (let at = 0; at < chunk.length && this.#exited === undefined; at += INPUT_BYTES) {
      const Data = chunk.subarray(at, at + INPUT_BYTES);
      await this.#call.send({
        ProcessID: PROCESS_ID,
        Input: { $case: 'File', value: { Fd: STDIN, EOF: false, Data } },
      });
    }
  }

  async #receive(started: () => void): Promise<ProcessExit> {
    try {
      for await (const { Input } of this.#call) {
        if (Input?.$case === 'Started') started();
        else if (Input?.$case === 'File') await this.#output(Input.value.Fd, Input.value.Data, Input.value.EOF);
        else if (Input?.$case === 'Exit') {
          this.#exited = readExit(Input.value.Code, Input.value.Error);
          // The engine is done only when the input has ended, too.
          this.#call.end();
        } else if (Input?.$case === 'Done') break;
      }
    } catch (error) {
      if (this.#exited === undefined) {
        const failure = error instanceof Error ? error : new Error(String(error));
        this.stdin?.destroy();
        for (const output of this.#outputs.values()) output.destroy(failure).on('error', () => undefined);
        throw error;
      }
    }
    this.stdin?.destroy();
    for (const output of this.#outputs.values()) output.end();
    if (this.#exited !== undefined) return this.#exited;
    throw new BuildkitError('the engine ended the process without saying how', { code: 'UNKNOWN' });
  }

  async #output(fd: number, data: Uint8Array, end: boolean): Promise<void> {
    const output = this.#outputs.get(fd);
    if (output === undefined || output.destroyed) return;
    if (data.length > 0 && !output.write(data)) {
      const closed = once(output, 'close');
      await Promise.race([once(output, 'drain'), closed]).catch(() => undefined);
    }
    if (end) output.end();
  }
}

/** There is one process in each stream of messages. */
const PROCESS_ID = '1';

function initMessage(
  containerId: string,
  options: ProcessOptions,
): Extract<ExecMessage['Input'], { $case: 'Init' }>['value'] {
  const { args, env, cwd, user, tty = false, stdin = false, security, secretEnv } = options;
  return {
    ContainerID: containerId,
    Meta: {
      args: [...args],
      env: [...(env ?? [])],
      cwd: cwd ?? '/',
      user: user ?? '',
      proxyEnv: undefined,
      extraHosts: [],
      hostname: '',
      ulimit: [],
      cgroupParent: '',
      removeMountStubsRecursive: false,
      validExitCodes: [],
    },
    Fds: [...(stdin ? [STDIN] : []), STDOUT, ...(tty ? [] : [STDERR])],
    Tty: tty,
    Security: security === 'insecure' ? SecurityMode.INSECURE : SecurityMode.SANDBOX,
    secretenv: (secretEnv ?? []).map(({ id: ID, name, optional }) => ({ ID, name, optional: optional ?? false })),
  };
}

type StatusMessage = Extract<ExecMessage['Input'], { $case: 'Exit' }>['value']['Error'];

function readExit(code: number, status: StatusMessage): ProcessExit {
  // With every code but 0 comes an error that says just that.
  if (status === undefined || status.message === `exit code: ${code}`) return { code };
  return { code, error: errorFromStatus({ code: grpcCode(status.code), message: status.message }) };
}
