import type { Output, Vertex } from './vertex.js';

/** What an op writes for the empty file system in place of an input's number. */
export const emptyInput = -1n;

/** The inputs of a vertex while it is made: equal ones once, in the order of first use. */
export class InputList {
  readonly #places = new Map<Vertex, Map<number, bigint>>();
  readonly outputs: Output[] = [];

  /** The place of an output, which is added if it is new; -1 for scratch. */
  add(output: Output | undefined): bigint {
    if (output === undefined) {
      return emptyInput;
    }
    let places = this.#places.get(output.vertex);
    if (places === undefined) {
      places = new Map();
      this.#places.set(output.vertex, places);
    }
    const known = places.get(output.index);
    if (known !== undefined) {
      return known;
    }
    const place = BigInt(this.outputs.length);
    places.set(output.index, place);
    this.outputs.push(output);
    return place;
  }
}
