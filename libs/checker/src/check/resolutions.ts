import type { IdentExpr } from '@hlb/parser';
import type { Resolution } from '../checked.js';

/**
 * What each callee of one module was found to be. Callees are known by the offset at which they start, which no two share:
 * an array of numbers takes a fraction of the time and space of a map, and a module has a callee every 15 characters.
 */
export class Resolutions {
  readonly #places: Int32Array;
  readonly #found: (Resolution | undefined)[] = [undefined];

  /** @param length of the module's text, in UTF-16 units */
  constructor(length: number) {
    this.#places = new Int32Array(length + 1);
  }

  set(callee: IdentExpr, resolution: Resolution): void {
    this.#places[callee.start] = this.#found.push(resolution) - 1;
  }

  get(callee: IdentExpr): Resolution | undefined {
    return this.#found[this.#places[callee.start] ?? 0];
  }
}
