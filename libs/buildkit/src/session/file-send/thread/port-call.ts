import type { MessagePort } from 'node:worker_threads';
import { frameMessage, MessageReader } from '../../../grpc/framing.js';
import type { TransferCall } from '../../fsutil/wire/transfer-call.js';
import type { TransferCounters } from '../../transfers.js';
import type { TreeAnswer } from './protocol.js';

/** A call of the engine as the thread has it: its messages come and go through a port. */
export class PortCall implements TransferCall {
  readonly #port: MessagePort;
  readonly #job: number;
  readonly #arrived: { readonly buffer: ArrayBuffer; readonly bytes: number }[] = [];
  /** What the messages that were given out last are views of. */
  #given: ArrayBuffer | undefined;
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

  /** Takes a buffer that begins with so many bytes of framed messages. */
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
    if (this.#given) post(this.#port, { kind: 'taken', job: this.#job, buffer: this.#given }, this.#given);
    this.#given = undefined;
    for (;;) {
      const next = this.#arrived.shift();
      if (next) {
        this.#given = next.buffer;
        return new MessageReader().push(Buffer.from(next.buffer, 0, next.bytes));
      }
      if (this.#failure) throw this.#failure;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
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
