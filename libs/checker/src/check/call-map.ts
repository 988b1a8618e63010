import type { Call } from '@hlb/parser';

/** What is known of the calls of one module, by their numbers: an array takes a fraction of the time and space of a map. */
export class CallMap<T> {
  readonly #values: (T | undefined)[] = [];

  set({ number }: Pick<Call, 'number'>, value: T): void {
    // Without holes, which would make the array a dictionary.
    while (this.#values.length < number) this.#values.push(undefined);
    this.#values[number] = value;
  }

  get({ number }: Pick<Call, 'number'>): T | undefined {
    return this.#values[number];
  }
}
