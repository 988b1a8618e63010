/** Longest time, in ms, that one piece of work keeps the event loop before it lets others run. The engine's health check waits behind it. */
const SLICE = 4;

/** Longest time, in ms, that may pass between two looks at the clock, as far as the last steps tell. */
const LOOK = 0.5;

/** Steps between two looks at the clock, at most. */
const MAX_STRIDE = 32;

/**
 * Cuts long synchronous work into slices. Synchronous system calls take a few microseconds where their asynchronous forms take tens
 * of them through the thread pool, so trees are walked with them; a pace keeps the event loop free all the same. On a slow disk the clock
 * is looked at after every step. However much work goes on at a time, each turn of the event loop has one slice of it.
 */
export class Pace {
  /** The first slice has to be waited for too: what begins at the same time would add up. */
  #until = 0;
  #looked: number = performance.now();
  #steps = 0;
  #stride = 1;

  /** To be called for each small step; true when it is time to rest. */
  due(): boolean {
    this.#steps += 1;
    if (this.#steps < this.#stride) return false;
    const now = performance.now();
    const step = (now - this.#looked) / this.#steps;
    this.#stride = Math.max(1, Math.min(MAX_STRIDE, Math.floor(LOOK / step)));
    this.#looked = now;
    this.#steps = 0;
    return now >= this.#until;
  }

  /** Lets everything run that waits, then starts a new slice. */
  async rest(): Promise<void> {
    await nextTurn();
    this.#looked = performance.now();
    this.#until = this.#looked + SLICE;
    this.#steps = 0;
  }
}

/** Those that rest, in the order in which they go on. */
const resting: (() => void)[] = [];

/** Whether work goes on in the next turn of the event loop. */
export function isAnyoneResting(): boolean {
  return resting.length > 0;
}

/** Resolves in a later turn of the event loop, for one caller in each turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (resting.push(resolve) === 1) setImmediate(wakeFirst);
  });
}

function wakeFirst(): void {
  resting.shift()?.();
  if (resting.length > 0) setImmediate(wakeFirst);
}
