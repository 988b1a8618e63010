import type { MessagePort } from 'node:worker_threads';
import { FramingError, frameMessage, MAX_MESSAGE_BYTES, MessageReader } from '../../../grpc/framing.js';
import type { TransferCall } from '../../fsutil/wire/transfer-call.js';
import { GrpcError } from '../../grpc/grpc-error.js';
import type { TransferCounters } from '../../transfers.js';
import type { TreeAnswer } from './protocol.js';

/** Bytes of incomplete messages that all calls of the thread together may hold. */
const HELD_LIMIT = 128 * 1024 * 1024;

let heldByAll = 0;

/** A call of the engine as the thread has it: its messages come and go through a port. */
export class PortCall implements TransferCall {
  readonly #port: MessagePort;
  readonly #job: number;
  readonly #reader = new MessageReader(MAX_MESSAGE_BYTES, true);
  readonly #arrived: { readonly buffer: ArrayBuffer; readonly bytes: number }[] = [];
  /** What the messages that were given out last are views of. */
  #given: ArrayBuffer | undefined;
  #held = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(port: MessagePort, job: number) {
    this.#port = port;
    this.#job = job;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Takes a buffer with so many bytes in it. */
  arrived(buffer: ArrayBuffer, bytes: number): void {
    this.#arrived.push({ buffer, bytes });
    this.#wake?.();
  }

  /** There are no more messages. */
  end(failure: Error | undefined): void {
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  async receive(): Promise<readonly Buffer[] | undefined> {
    for (;;) {
      if (this.#given) post(this.#port, { kind: 'taken', job: this.#job, buffer: this.#given }, this.#given);
      this.#given = undefined;
      const next = this.#arrived.shift();
      if (next) {
        this.#given = next.buffer;
        const messages = this.#cut(Buffer.from(next.buffer, 0, next.bytes));
        if (messages.length > 0) return messages;
        continue;
      }
      if (this.#failure) throw this.#failure;
      if (this.#ended && this.#reader.incomplete) {
        throw new GrpcError('INTERNAL', 'the stream ended within a message');
      }
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #cut(bytes: Buffer): readonly Buffer[] {
    try {
      const messages = this.#reader.push(bytes);
      this.#account(this.#reader.held);
      if (heldByAll > HELD_LIMIT) {
        throw new FramingError('RESOURCE_EXHAUSTED', 'too much was sent that nobody has read');
      }
      return messages;
    } catch (error) {
      if (error instanceof FramingError) throw new GrpcError(error.code, error.message, { cause: error });
      throw error;
    }
  }

  /** To be called when nobody receives any more. */
  close(): void {
    this.#account(0);
  }

  #account(held: number): void {
    heldByAll += held - this.#held;
    this.#held = held;
  }

  send(message: Uint8Array): void {
    this.write(frameMessage(message));
  }

  write(framed: Buffer, written?: () => void): void {
    const copy = new Uint8Array(framed);
    post(this.#port, { kind: 'write', job: this.#job, framed: copy }, copy.buffer);
    written?.();
  }
}

/** How often the session hears how far a call is, in ms. */
const INTERVAL = 50;

/** The counters of a call as the thread has them. */
export class PortCounters implements TransferCounters {
  entries = 0;
  files = 0;
  bytes = 0;
  readonly #port: MessagePort;
  readonly #job: number;
  #next: number;

  constructor(port: MessagePort, job: number) {
    this.#port = port;
    this.#job = job;
    this.#next = performance.now() + INTERVAL;
  }

  tick(): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + INTERVAL;
    this.tell();
  }

  tell(): void {
    const { entries, files, bytes } = this;
    post(this.#port, { kind: 'progress', job: this.#job, entries, files, bytes });
  }
}

/** Tells the session something; `moved` is no longer had here. */
export function post(port: MessagePort, answer: TreeAnswer, moved?: ArrayBuffer): void {
  port.postMessage(answer, moved ? [moved] : []);
}
