/** Bytes that may wait in a connection before its calls pause. An answer to the health check waits behind what is under way. */
const LIMIT = 1024 * 1024;

/**
 * Bytes that a call may have waiting whatever the others have: what a peer doesn't read of one call must not keep the others, for which it
 * may be waiting.
 */
const SHARE = 64 * 1024;

/** How long blocks wait for the ones before them (ms), of which the peer may be reading nothing. */
const PATIENCE = 50;

/** What the calls of one connection have written and the system has not taken yet. */
export class SendQueue {
  #bytes = 0;
  #waiting: (() => boolean)[] = [];
  #blocksUnderWay = false;
  #letting = false;
  #reading = false;
  #patience: NodeJS.Timeout | undefined;

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    this.look();
  }

  /** How much a call may write at once that has `own` bytes in the queue (bytes): beyond the limit its share alone, and no more than that. */
  room(own: number): number {
    if (this.#bytes < LIMIT) return LIMIT;
    return own < SHARE ? SHARE : 0;
  }

  /**
   * Whether a block may be written now. Node's HTTP/2 reads nothing while a write is under way, and begins the next one, if there is anything
   * to write, before it reads: blocks that come one by one would keep it from reading until the peer's windows are used up, and a health
   * check would wait for that long. So blocks wait for those that are under way, and are then written together, when a turn of the event
   * loop has read what has come.
   */
  mayWriteBlock(): boolean {
    if (this.#blocksUnderWay && !this.#letting) {
      this.#patience ??= setTimeout(() => this.#letWaiting(), PATIENCE);
      return false;
    }
    this.#blocksUnderWay = true;
    return true;
  }

  /** A block has been written: so have been all that were written with it, but for what the peer takes no more of. */
  blockWritten(): void {
    if (this.#reading) return;
    this.#reading = true;
    // What is asked for now runs before the event loop reads, and what that asks for runs after it.
    setImmediate(() => setImmediate(() => this.#letWaiting()));
  }

  #letWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#reading = false;
    this.#blocksUnderWay = false;
    this.#letting = true;
    this.look();
    this.#letting = false;
  }

  /**
   * Waits until `attempt` gives something: at once, or when something has left the queue or {@link look} is called. Those that wait have
   * their turns one after the other, so that each sees what those before it have taken.
   */
  when<T extends number | boolean>(attempt: () => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const isDone = (): boolean => {
        try {
          const got = attempt();
          if (got === undefined) return false;
          resolve(got);
        } catch (error) {
          reject(error);
        }
        return true;
      };
      if (!isDone()) this.#waiting.push(isDone);
    });
  }

  /** Gives all those a turn that wait. */
  look(): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = this.#waiting.filter((isDone) => !isDone());
    if (this.#waiting.length > 0) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }
}
