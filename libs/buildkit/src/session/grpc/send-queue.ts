/** Bytes that may wait in a connection before its calls pause. An answer to the health check waits behind what is under way. */
const LIMIT = 1024 * 1024;

/**
 * Bytes that a call may have waiting whatever the others have: what a peer doesn't read of one call must not keep the others, for which it
 * may be waiting.
 */
const SHARE = 64 * 1024;

/** What the calls of one connection have written and the system has not taken yet. */
export class SendQueue {
  #bytes = 0;
  #waiting: (() => void)[] = [];

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    this.wake();
  }

  /** Whether a call that has `own` bytes in the queue may write on. */
  hasRoom(own: number): boolean {
    return this.room(own) > 0;
  }

  /** How much a call may write at once that has `own` bytes in the queue (bytes): beyond the limit its share alone, and no more than that. */
  room(own: number): number {
    if (this.#bytes < LIMIT) return LIMIT;
    return own < SHARE ? SHARE : 0;
  }

  /** Waits until something has left the queue, or `wake` is called. */
  async changed(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets those look again that wait. */
  wake(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
