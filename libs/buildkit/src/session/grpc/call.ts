import type { ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { FramingError, frameMessage, MessageReader } from '../../grpc/framing.js';
import { GrpcError, statusTrailers } from './grpc-error.js';
import type { Metadata } from './metadata.js';

/** Received bytes that may wait for the handler before the stream is paused; the peer's window then fills and it waits too. */
const RECEIVE_HIGH_WATER = 1024 * 1024;

/** Bytes of messages that all calls of a connection together may have in memory, unread or incomplete. */
const CONNECTION_LIMIT = 256 * 1024 * 1024;

/** What the calls of one connection have in memory, in bytes. */
export interface ReceivedBytes {
  total: number;
}

/**
 * One call of the peer. Reading, writing and the end are independent of each other; all of it stops with a `GrpcError` when the
 * peer cancels the call or the connection ends.
 */
export class ServerCall {
  /** `/package.Service/Method`. */
  readonly method: string;
  readonly metadata: Metadata;

  readonly #stream: ServerHttp2Stream;
  readonly #reader = new MessageReader();
  readonly #abort = new AbortController();
  #messages: Buffer[] = [];
  #messageBytes = 0;
  #reading = false;
  #halfClosed = false;
  #failure: GrpcError | undefined;
  #finished = false;
  #wakeReader: (() => void) | undefined;
  readonly #received: ReceivedBytes;
  #accounted = 0;
  #queuedBytes = 0;
  #drainWaiters: { below: number; wake: () => void }[] = [];

  constructor(stream: ServerHttp2Stream, method: string, metadata: Metadata, received: ReceivedBytes) {
    this.#stream = stream;
    this.#received = received;
    this.method = method;
    this.metadata = metadata;
    stream.on('error', () => undefined); // 'close' follows and tells
    stream.on('aborted', () => this.cancel(cancelled()));
    stream.on('close', () => {
      this.cancel(cancelled());
      this.#account(0);
    });
    // From the start: a peer that half-closes at once has done so before anybody reads.
    stream.on('end', () => {
      if (this.#halfClosed) return;
      if (this.#reader.incomplete && !stream.aborted) {
        this.cancel(new GrpcError('INTERNAL', 'the stream ended within a message'));
      }
      this.#halfClosed = true;
      this.#wakeReader?.();
    });
  }

  /** Aborted when the peer cancels, the connection ends or the call is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Bytes that were written and not yet handed to the system. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Why the call can't go on, if so. */
  get failure(): GrpcError | undefined {
    return this.#failure;
  }

  /**
   * All messages that have arrived since the last time, at least one; waits for it. `undefined` when the peer has half-closed.
   * One reader at a time.
   */
  async receive(): Promise<readonly Buffer[] | undefined> {
    this.#startReading();
    for (;;) {
      if (this.#messages.length > 0) {
        const messages = this.#messages;
        this.#messages = [];
        this.#messageBytes = 0;
        this.#account(this.#reader.held);
        if (this.#stream.isPaused() && !this.#stream.destroyed) this.#stream.resume();
        return messages;
      }
      if (this.#failure) throw this.#failure;
      if (this.#halfClosed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
      this.#wakeReader = undefined;
    }
  }

  /** The messages one by one, until the peer half-closes. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const messages = await this.receive();
      if (!messages) return;
      yield* messages;
    }
  }

  /** Ends reading on this side: `receive` returns `undefined` from now on, and what still arrives is dropped. */
  stopReceiving(): void {
    if (this.#halfClosed) return;
    this.#halfClosed = true;
    this.#messages = [];
    this.#account(0);
    this.#stream.removeAllListeners('data');
    this.#stream.resume();
    this.#wakeReader?.();
  }

  /** Queues one encoded message. */
  send(message: Uint8Array): void {
    this.write(frameMessage(message));
  }

  /**
   * Queues bytes that are already framed, one message or several; they are not copied. `written` is called in any case, when the
   * bytes are no longer needed.
   */
  write(framed: Buffer, written?: () => void): void {
    if (this.#failure || this.#stream.destroyed) {
      written?.();
      return;
    }
    this.respond();
    this.#queuedBytes += framed.length;
    this.#stream.write(framed, () => {
      this.#queuedBytes -= framed.length;
      written?.();
      this.#wakeDrained();
    });
  }

  /** Waits until less than `below` bytes are queued. Throws what ended the call. */
  async drained(below: number): Promise<void> {
    while (this.#queuedBytes >= below && !this.#failure) {
      await new Promise<void>((wake) => {
        this.#drainWaiters.push({ below, wake });
      });
    }
    if (this.#failure) throw this.#failure;
  }

  /**
   * Waits for something that may never come, as long as the call goes on. Throws what ended the call; the work is not stopped by it, so
   * it should look at {@link signal} where it can.
   */
  until<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise<T>((resolve, reject) => {
      const stop = (): void => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  /** Sends the response's headers; the first write does it by itself. */
  respond(): void {
    if (this.#stream.headersSent || this.#stream.destroyed) return;
    this.#stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  }

  /** Ends the call: OK, or with what was thrown. Later calls do nothing. */
  finish(error?: unknown): void {
    if (this.#finished) return;
    this.#finished = true;
    const stream = this.#stream;
    const trailers = statusTrailers(error);
    this.stopReceiving(); // an unread stream would never close
    stream.resume();
    if (stream.destroyed || stream.closed) return;
    if (!stream.headersSent) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailers }, { endStream: true });
      this.#resetUnlessHalfClosed();
      return;
    }
    stream.once('wantTrailers', () => {
      if (stream.destroyed || stream.closed) return;
      stream.sendTrailers(trailers);
      this.#resetUnlessHalfClosed();
    });
    stream.end();
  }

  /** Stops everything that waits on the call. The peer is told nothing. */
  cancel(reason: GrpcError): void {
    if (!this.#failure && !this.#finished) this.#failure = reason;
    this.#abort.abort(reason);
    this.#wakeReader?.();
    this.#wakeDrained();
  }

  #startReading(): void {
    if (this.#reading || this.#finished) return;
    this.#reading = true;
    const stream = this.#stream;
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const message of this.#reader.push(chunk)) {
          this.#messages.push(message);
          this.#messageBytes += message.length;
        }
        this.#account(this.#messageBytes + this.#reader.held);
        if (this.#received.total > CONNECTION_LIMIT) {
          throw new FramingError('RESOURCE_EXHAUSTED', 'too much was sent that nobody has read');
        }
      } catch (error) {
        const code = error instanceof FramingError ? error.code : 'INTERNAL';
        this.cancel(new GrpcError(code, error instanceof Error ? error.message : String(error), { cause: error }));
        stream.pause();
        return;
      }
      if (this.#messageBytes > RECEIVE_HIGH_WATER) stream.pause();
      if (this.#messages.length > 0) this.#wakeReader?.();
    });
  }

  #account(bytes: number): void {
    this.#received.total += bytes - this.#accounted;
    this.#accounted = bytes;
  }

  /** The status says that the call is over; a peer that has not half-closed may go on sending, and is told to stop. */
  #resetUnlessHalfClosed(): void {
    // Node sends trailers in the next turn; a reset before them would swallow the status.
    setImmediate(() => {
      if (!this.#stream.readableEnded && !this.#stream.destroyed) this.#stream.close(constants.NGHTTP2_NO_ERROR);
    });
  }

  #wakeDrained(): void {
    if (this.#drainWaiters.length === 0) return;
    const waiting = this.#drainWaiters;
    this.#drainWaiters = [];
    for (const waiter of waiting) {
      if (this.#failure || this.#queuedBytes < waiter.below) waiter.wake();
      else this.#drainWaiters.push(waiter);
    }
  }
}

function cancelled(): GrpcError {
  return new GrpcError('CANCELLED', 'the engine ended the call');
}
