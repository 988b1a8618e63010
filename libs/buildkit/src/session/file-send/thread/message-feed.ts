import type { ServerCall } from '../../grpc/call.js';

/** Bytes of a buffer in which messages cross to the thread. */
const BUFFER_BYTES = 256 * 1024;

/** Buffers of a call that are under way, at most. While the thread has them all, nothing more is read, and the engine waits too. */
const BUFFERS = 8;

/**
 * Gives what a call receives to the thread, which cuts it into messages. It is copied into buffers that go there and come back: the memory of
 * what arrives can't be moved to another thread, and new memory each time would cost more than the copy.
 */
export class MessageFeed {
  readonly #call: ServerCall;
  readonly #post: (buffer: ArrayBuffer, bytes: number) => void;
  readonly #free: ArrayBuffer[] = [];
  #underWay = 0;
  #wake: (() => void) | undefined;

  /** @param post hands over a buffer with so many bytes in it */
  constructor(call: ServerCall, post: (buffer: ArrayBuffer, bytes: number) => void) {
    this.#call = call;
    this.#post = post;
  }

  /** Runs until the engine half-closes or the call is over; throws what broke it. */
  async run(): Promise<void> {
    for (;;) {
      const chunks = await this.#call.receiveFramed();
      if (!chunks) return;
      let buffer: Uint8Array<ArrayBuffer> | undefined;
      let used = 0;
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length; ) {
          buffer ??= new Uint8Array(this.#take() ?? (await this.#waitForOne()));
          const bytes = Math.min(chunk.length - at, BUFFER_BYTES - used);
          chunk.copy(buffer, used, at, at + bytes);
          at += bytes;
          used += bytes;
          if (used < BUFFER_BYTES) continue;
          this.#post(buffer.buffer, used);
          buffer = undefined;
          used = 0;
        }
      }
      if (buffer) this.#post(buffer.buffer, used);
    }
  }

  /** Takes a buffer back. */
  back(buffer: ArrayBuffer): void {
    this.#underWay -= 1;
    this.#free.push(buffer);
    this.#wake?.();
  }

  #take(): ArrayBuffer | undefined {
    if (this.#underWay >= BUFFERS) return undefined;
    this.#underWay += 1;
    return this.#free.pop() ?? new ArrayBuffer(BUFFER_BYTES);
  }

  async #waitForOne(): Promise<ArrayBuffer> {
    for (;;) {
      const returned = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await this.#call.until(returned);
      const buffer = this.#take();
      if (buffer) return buffer;
    }
  }
}
