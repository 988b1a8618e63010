import type { StepRecord } from './record.js';

/**
 * Finds for each step of a build the one of an earlier build that it was: the same op on the same inputs, else the same op, else the
 * one at the same place of the program, else the one that stands at the same place in a step that is matched.
 * @returns by the place of a step, the place of the earlier one
 */
export function matchSteps(after: readonly StepRecord[], before: readonly StepRecord[]): ReadonlyMap<number, number> {
  const matching = new Matching(after, before);
  matching.by(({ digest }) => digest);
  matching.by(({ kind, own, place = '' }) => `${kind} ${own} ${place}`);
  matching.by(({ kind, own }) => `${kind} ${own}`);
  matching.by(({ kind, place }) => (place === undefined ? undefined : `${kind} ${place}`));
  matching.throughUsers();
  matching.by(({ kind, facts }) => `${kind} ${facts[0]?.slice(0, 2).join(' ') ?? ''}`);
  return matching.found;
}

class Matching {
  readonly found = new Map<number, number>();
  readonly #after: readonly StepRecord[];
  readonly #before: readonly StepRecord[];
  readonly #taken = new Set<number>();

  constructor(after: readonly StepRecord[], before: readonly StepRecord[]) {
    this.#after = after;
    this.#before = before;
  }

  /** Matches what has the same key, in order; without a key nothing. */
  by(key: (step: StepRecord) => string | undefined): void {
    const free = new Map<string, number[]>();
    for (const [place, step] of this.#before.entries()) {
      const text = this.#taken.has(place) ? undefined : key(step);
      if (text === undefined) continue;
      const same = free.get(text);
      if (same === undefined) free.set(text, [place]);
      else same.push(place);
    }
    for (const [place, step] of this.#after.entries()) {
      const text = this.found.has(place) ? undefined : key(step);
      const was = text === undefined ? undefined : free.get(text)?.shift();
      if (was !== undefined) this.#match(place, was);
    }
  }

  /** Matches the inputs of what is matched, from the result down. */
  throughUsers(): void {
    for (let place = this.#after.length - 1; place >= 0; place -= 1) {
      const was = this.found.get(place);
      if (was === undefined) continue;
      const inputs = this.#before[was]?.inputs ?? [];
      for (const [number, input] of (this.#after[place]?.inputs ?? []).entries()) {
        const other = inputs[number];
        if (other === undefined || this.found.has(input) || this.#taken.has(other)) continue;
        if (this.#after[input]?.kind === this.#before[other]?.kind) this.#match(input, other);
      }
    }
  }

  #match(place: number, was: number): void {
    this.found.set(place, was);
    this.#taken.add(was);
  }
}
