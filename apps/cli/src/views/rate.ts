/** A rate is that of the last so many ms. */
const WINDOW = 3000;
/** Samples that are kept are at least so many ms apart. */
const STEP = 200;

interface Sample {
  readonly time: number;
  readonly count: number;
}

/** How fast a count grows at the moment. */
export class Rate {
  readonly #samples: Sample[] = [];
  #last: Sample | undefined;

  /** Notes a count at a time (ms). */
  note(time: number, count: number): void {
    this.#last = { time, count };
    const kept = this.#samples.at(-1);
    if (kept !== undefined && time - kept.time < STEP) return;
    this.#samples.push(this.#last);
    while ((this.#samples[1]?.time ?? time) < time - WINDOW) this.#samples.shift();
  }

  /** Per second; `undefined` as long as that would be a guess. */
  perSecond(now: number): number | undefined {
    const [first] = this.#samples;
    const last = this.#last;
    if (first === undefined || last === undefined || last.time - first.time < STEP) return undefined;
    if (now - last.time > WINDOW) return undefined;
    return ((last.count - first.count) / (Math.max(now, last.time) - first.time)) * 1000;
  }
}
