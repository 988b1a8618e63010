import type { ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import { FramingError, frameMessage, MessageReader } from '../../grpc/framing.js';
import { GrpcError, statusTrailers } from './grpc-error.js';
import type { Metadata } from './metadata.js';
import type { SendQueue } from './send-queue.js';

/** Received bytes that may wait for the handler before the stream is paused; the peer's window then fills and it waits too. */
const RECEIVE_HIGH_WATER = 1024 * 1024;

/** Bytes of messages that all calls of a connection together may have in memory, unread or incomplete. */
const CONNECTION_LIMIT = 256 * 1024 * 1024;

/** What the calls of one connection have received and not read, in bytes. */
interface ReceivedBytes {
  total: number;
}

/** What the calls of one connection share. */
export interface ConnectionState {
  readonly received: ReceivedBytes;
  readonly queue: SendQueue;
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
  readonly #queue: SendQueue;
  /** Bytes of this call in the queue. */
  #queued = 0;

  /** @param connection what it shares with the other calls of its connection */
  constructor(stream: ServerHttp2Stream, method: string, metadata: Metadata, connection: ConnectionState) {
    this.#stream = stream;
    this.#received = connection.received;
    this.#queue = connection.queue;
    this.method = method;
    this.metadata = metadata;
    stream.on('error', () => undefined); // 'close' follows and tells
    stream.on('aborted', () => this.cancel(cancelled()));
    stream.on('close', () => {
      this.cancel(cancelled());
      this.#account(0);
      this.#dequeue(this.#queued);
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

  /** Why the call can't go on, if so. */
  get failure(): GrpcError | undefined {
    return this.#failure;
  }

  /**
   * All messages that have arrived since the last time, at least one; waits for it. `undefined` when the peer has half-closed.
   * One reader at a time.
   */
  receive(): Promise<readonly Buffer[] | undefined> {
    this.#startReading((chunk) => this.#reader.push(chunk));
    return this.#arrived();
  }

  /** The same with the bytes as they came, for who cuts them into messages elsewhere. Of a call, either this or `receive`. */
  receiveFramed(): Promise<readonly Buffer[] | undefined> {
    this.#startReading((chunk) => [chunk]);
    return this.#arrived();
  }

  async #arrived(): Promise<readonly Buffer[] | undefined> {
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
    this.#queued += framed.length;
    this.#queue.add(framed.length);
    this.#stream.write(framed, () => {
      this.#dequeue(Math.min(framed.length, this.#queued));
      written?.();
    });
  }

  /**
   * What is to be waited for before more is written: the back-pressure of the connection, with all that its other calls have written.
   * `undefined` while there is room. The promise rejects with what ended the call.
   *
   * @param isOver whether there is nothing more to wait for; looked at again after {@link lookAgain}
   */
  room(isOver: () => boolean = never): Promise<void> | undefined {
    return !this.#failure && this.#queue.room(this.#queued) > 0 ? undefined : this.#waitForRoom(isOver);
  }

  /**
   * Waits for room and takes it, for what is still to be made: many calls at once, each of which had found room, would all write into the
   * same.
   *
   * @param most how much is wanted (bytes)
   * @param isOver as of {@link room}
   * @returns how much may be written: as much as is wanted, or what a call may always have; to be given back by {@link giveBack}, or used by
   *   {@link writeBlock}. 0 when it is over
   */
  takeRoom(most: number, isOver: () => boolean = never): Promise<number> {
    return this.#queue.when(() => {
      if (this.#failure) throw this.#failure;
      if (isOver()) return 0;
      const taken = Math.min(most, this.#queue.room(this.#queued));
      if (taken === 0) return undefined;
      this.#queued += taken;
      this.#queue.add(taken);
      return taken;
    });
  }

  /**
   * Queues framed bytes for which room was taken, when it is their turn: blocks of all calls leave together. It doesn't wait until they have
   * left.
   *
   * @param taken the room
   * @param written called when the bytes are no longer needed, in any case
   * @param isOver as of {@link room}
   * @returns whether they were queued: not so when it is over. Throws what ended the call
   */
  async writeBlock(
    framed: Buffer,
    taken: number,
    written: () => void,
    isOver: () => boolean = never,
  ): Promise<boolean> {
    let queued = false;
    try {
      queued = await this.#queue.when(() => {
        if (this.#failure) throw this.#failure;
        return isOver() ? false : this.#queue.mayWriteBlock() || undefined;
      });
    } finally {
      // Not before: others would take the room meanwhile.
      if (!queued) {
        this.giveBack(taken);
        written();
      }
    }
    if (!queued) return false;
    this.write(framed, () => {
      this.#queue.blockWritten();
      written();
    });
    this.giveBack(taken);
    return true;
  }

  /** Gives room back that was taken for something which isn't written. */
  giveBack(taken: number): void {
    this.#dequeue(Math.min(taken, this.#queued));
  }

  /** Lets those who wait for room look again whether that is over. */
  lookAgain(): void {
    this.#queue.look();
  }

  async #waitForRoom(isOver: () => boolean): Promise<void> {
    await this.#queue.when(() => {
      if (this.#failure) throw this.#failure;
      return isOver() || this.#queue.room(this.#queued) > 0 || undefined;
    });
  }

  #dequeue(bytes: number): void {
    this.#queued -= bytes;
    this.#queue.remove(bytes);
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

  /** Waits until the peer cancels the call, so many ms at most; one that has half-closed is not waited for. */
  async cancelled(patience: number): Promise<void> {
    if (this.#halfClosed) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    await this.until(late).catch(() => undefined);
    clearTimeout(timer);
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
    this.#queue.look();
  }

  #startReading(cut: (chunk: Buffer) => readonly Buffer[]): void {
    if (this.#reading || this.#finished) return;
    this.#reading = true;
    const stream = this.#stream;
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const message of cut(chunk)) {
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
}

const never = (): boolean => false;

function cancelled(): GrpcError {
  return new GrpcError('CANCELLED', 'the engine ended the call');
}
