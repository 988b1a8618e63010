import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { receiveBytes } from '../grpc/bytes-message.js';
import type { ServerCall } from '../grpc/call.js';
import { systemError, TransferError } from '../transfer-error.js';
import type { TransferProgress } from '../transfers.js';
import type { TargetReceiver } from './target.js';

/** Passes an archive on to a stream of the caller, who sees it as it arrives. */
export class StreamTarget implements TargetReceiver {
  readonly name: string;
  readonly tellsFailure = false;
  readonly #sink: Writable;
  #received = false;

  constructor(sink: Writable, name = 'stream') {
    this.name = name;
    this.#sink = sink;
    // It may fail before the engine sends anything, and after it has ended: `receive` and `commit` tell of it.
    if (!this.#isOwnOutput) sink.on('error', () => undefined);
  }

  /** The process's own outputs stay open for what comes after. */
  get #isOwnOutput(): boolean {
    return this.#sink === process.stdout || this.#sink === process.stderr;
  }

  async prepare(): Promise<void> {}

  async receive(call: ServerCall, progress: TransferProgress): Promise<void> {
    if (this.#received) throw new TransferError('protocol', this.name, 'the engine sent the output a second time');
    this.#received = true;
    progress.entries += 1;
    const sink = this.#sink;
    let failure: unknown;
    let wake: (() => void) | undefined;
    const onError = (error: unknown): void => {
      failure ??= error;
      wake?.();
    };
    const onClose = (): void => onError(new Error('the stream was closed'));
    const onDrain = (): void => wake?.();
    // What ended before the engine sent anything tells of it no more: neither now nor when it is written to.
    if (sink.destroyed) failure = sink.errored ?? new Error('the stream was closed');
    sink.on('error', onError);
    sink.on('close', onClose);
    sink.on('drain', onDrain);
    try {
      await receiveBytes(call, (data) => {
        if (failure !== undefined) throw systemError(failure, 'write to', this.name);
        progress.bytes += data.length;
        progress.tick();
        if (sink.write(data)) return undefined;
        // A sink that nobody reads any more must not hold the call.
        return call.until(
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
        );
      });
      if (failure !== undefined) throw systemError(failure, 'write to', this.name);
    } finally {
      sink.off('error', onError);
      sink.off('close', onClose);
      sink.off('drain', onDrain);
    }
    progress.files += 1;
  }

  async commit(): Promise<void> {
    if (!this.#received) throw new TransferError('incomplete', this.name, 'the engine sent nothing for the output');
    if (this.#isOwnOutput) return;
    this.#sink.end();
    try {
      await finished(this.#sink);
    } catch (error) {
      throw systemError(error, 'write to', this.name);
    }
  }

  async discard(): Promise<void> {
    if (this.#isOwnOutput) return;
    if (!this.#sink.writableFinished) this.#sink.destroy();
  }
}
