import { PREFIX_BYTES } from '../../../grpc/framing.js';
import type { ServerCall } from '../../grpc/call.js';

/** Bytes of a buffer in which messages cross to the thread. */
const BUFFER_BYTES = 256 * 1024;

/** Buffers of a call that are under way, at most. While the thread has them all, nothing more is read, and the engine waits too. */
const BUFFERS = 8;

/**
 * Gives the messages of a call to the thread. They are copied into buffers that go there and come back: what messages are views of can't be
 * moved to another thread, and new memory for each of them would cost more than the copy.
 */
export class MessageFeed {
  readonly #call: ServerCall;
  readonly #post: (buffer: ArrayBuffer, bytes: number) => void;
  readonly #free: ArrayBuffer[] = [];
  #underWay = 0;
  #wake: (() => void) | undefined;

  /** @param post hands over a buffer that begins with so many bytes of framed messages */
  constructor(call: ServerCall, post: (buffer: ArrayBuffer, bytes: number) => void) {
    this.#call = call;
    this.#post = post;
  }

  /** Runs until the engine half-closes or the call is over; throws what broke it. */
  async run(): Promise<void> {
    for (;;) {
      const messages = await this.#call.receive();
      if (!messages) return;
      let start = 0;
      while (start < messages.length) {
        const { end, bytes } = batchFrom(messages, start);
        const buffer = this.#take(bytes) ?? (await this.#waitFor(bytes));
        frameInto(Buffer.from(buffer), messages, start, end);
        this.#post(buffer, bytes);
        start = end;
      }
    }
  }

  /** Takes a buffer back. */
  back(buffer: ArrayBuffer): void {
    this.#underWay -= 1;
    if (buffer.byteLength === BUFFER_BYTES) this.#free.push(buffer);
    this.#wake?.();
  }

  #take(bytes: number): ArrayBuffer | undefined {
    if (this.#underWay >= BUFFERS) return undefined;
    this.#underWay += 1;
    if (bytes > BUFFER_BYTES) return new ArrayBuffer(bytes);
    return this.#free.pop() ?? new ArrayBuffer(BUFFER_BYTES);
  }

  async #waitFor(bytes: number): Promise<ArrayBuffer> {
    for (;;) {
      const returned = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await this.#call.until(returned);
      const buffer = this.#take(bytes);
      if (buffer) return buffer;
    }
  }
}

/** As many messages as a buffer holds, one at least; and the bytes that they take. */
function batchFrom(messages: readonly Buffer[], start: number): { readonly end: number; readonly bytes: number } {
  let bytes = 0;
  for (let at = start; at < messages.length; at++) {
    const framed = PREFIX_BYTES + (messages[at]?.length ?? 0);
    if (at > start && bytes + framed > BUFFER_BYTES) return { end: at, bytes };
    bytes += framed;
  }
  return { end: messages.length, bytes };
}

function frameInto(buffer: Buffer, messages: readonly Buffer[], start: number, end: number): void {
  let at = 0;
  for (const message of messages.slice(start, end)) {
    buffer[at] = 0;
    buffer.writeUInt32BE(message.length, at + 1);
    message.copy(buffer, at + PREFIX_BYTES);
    at += PREFIX_BYTES + message.length;
  }
}
