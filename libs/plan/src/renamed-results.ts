import type { StepId, StepResult, StepResults } from './plan.js';

/** Results of steps under other names: a view, which has what comes later as well. */
export class RenamedResults implements StepResults {
  readonly #results: StepResults;
  /** Names in the results, by those that they have here. */
  readonly #names: ReadonlyMap<StepId, StepId>;

  constructor(results: StepResults, names: ReadonlyMap<StepId, StepId>) {
    this.#results = results;
    this.#names = names;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  get(id: StepId): StepResult | undefined {
    return this.#results.get(this.#names.get(id) ?? id);
  }

  has(id: StepId): boolean {
    return this.#results.has(this.#names.get(id) ?? id);
  }

  *keys(): MapIterator<StepId> {
    const given = new Set(this.#names.values());
    for (const [here, there] of this.#names) if (this.#results.has(there)) yield here;
    for (const id of this.#results.keys()) if (!given.has(id)) yield id;
    return undefined;
  }

  *values(): MapIterator<StepResult> {
    for (const [, result] of this.entries()) yield result;
    return undefined;
  }

  *entries(): MapIterator<[StepId, StepResult]> {
    for (const id of this.keys()) {
      const result = this.get(id);
      if (result !== undefined) yield [id, result];
    }
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[StepId, StepResult]> {
    return this.entries();
  }

  forEach(visit: (value: StepResult, key: StepId, map: StepResults) => void): void {
    for (const [id, result] of this.entries()) visit(result, id, this);
  }
}
