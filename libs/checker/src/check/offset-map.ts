import type { NodeRange } from '@hlb/parser';

/**
 * What is known of some nodes of one module: callees, say. Nodes are known by the offset at which they start, so no two of those that
 * are put in may start at the same. An array of numbers takes a fraction of the time and space of a map, and a module has a callee
 * every 15 characters.
 */
export class OffsetMap<T> {
  readonly #places: Int32Array;
  readonly #values: (T | undefined)[] = [undefined];

  /** @param length of the module's text, in UTF-16 units */
  constructor(length: number) {
    this.#places = new Int32Array(length + 1);
  }

  set(node: NodeRange, value: T): void {
    this.#places[node.start] = this.#values.push(value) - 1;
  }

  get(node: NodeRange): T | undefined {
    return this.#values[this.#places[node.start] ?? 0];
  }
}
