/** Longest time, in ms, that one piece of work keeps the event loop before it lets others run. The engine's health check waits behind it. */
const SLICE = 4;

/** Steps between two looks at the clock. */
const STEPS = 16;

/**
 * Cuts long synchronous work into slices. Synchronous system calls take a few microseconds where their asynchronous forms take tens
 * of them through the thread pool, so trees are walked with them; a pace keeps the event loop free all the same.
 */
export class Pace {
  #until: number = performance.now() + SLICE;
  #steps = 0;

  /** To be called for each small step; true when it is time to rest. */
  due(): boolean {
    this.#steps += 1;
    if (this.#steps < STEPS) return false;
    this.#steps = 0;
    return performance.now() >= this.#until;
  }

  /** Lets everything run that waits, then starts a new slice. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#until = performance.now() + SLICE;
    this.#steps = 0;
  }
}
