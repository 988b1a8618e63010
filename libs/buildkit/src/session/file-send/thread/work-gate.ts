import { isAnyoneResting } from '../../fsutil/pace.js';

const IDLE = 0;
const WORKING = 1;
/** The thread is to stop. */
const STOPPING = 2;
/** It has, for good. */
const STOPPED = 3;

/** How long to wait for the thread to stop, in ms: a call of the system may hang for as long as the disk does. */
const PATIENCE = 1000;

/**
 * Lets the main thread stop the one that works for it, at once and for good, though neither of them lets its event loop run: when the
 * process exits, nothing must be written any more once what is unfinished is being removed.
 */
export class WorkGate {
  /** What both threads have in common. */
  readonly shared: SharedArrayBuffer;
  readonly #state: Int32Array;
  #entered = false;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.shared = shared;
    this.#state = new Int32Array(shared);
  }

  /**
   * For the thread, to be called where its event loop begins something. It is then at work until, at the end of a turn, nobody rests (see
   * `Pace`), and stops after any turn.
   */
  enter(): void {
    if (this.#entered) return;
    if (Atomics.compareExchange(this.#state, 0, IDLE, WORKING) !== IDLE) this.#stop();
    this.#entered = true;
    setImmediate(() => this.#endTurn());
  }

  /** For the main thread. */
  stop(): void {
    if (Atomics.compareExchange(this.#state, 0, IDLE, STOPPED) === IDLE) return;
    Atomics.compareExchange(this.#state, 0, WORKING, STOPPING);
    Atomics.wait(this.#state, 0, STOPPING, PATIENCE);
  }

  #endTurn(): void {
    if (isAnyoneResting() && Atomics.load(this.#state, 0) === WORKING) {
      setImmediate(() => this.#endTurn());
      return;
    }
    this.#entered = false;
    if (Atomics.compareExchange(this.#state, 0, WORKING, IDLE) !== WORKING) this.#stop();
  }

  /** Never returns: the thread ends with the process. */
  #stop(): void {
    Atomics.store(this.#state, 0, STOPPED);
    Atomics.notify(this.#state, 0);
    Atomics.wait(this.#state, 0, STOPPED);
  }
}
