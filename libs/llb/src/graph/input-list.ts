import { checkOutput } from './check-form.js';
import type { Output, Vertex } from './vertex.js';

/** What an op writes for the empty file system in place of an input's number. */
export const emptyInput = -1n;

/** Up to this many inputs are found by looking at each: most ops have one or two. */
export const fewInputs = 8;

/** The inputs of a vertex while it is made: equal ones once, in the order of first use. */
export class InputList {
  /** Of few inputs a list without room: one that grows by `push` has room for 16 more, which in a large graph is most of its memory. */
  #outputs: Output[] = [];
  #places: Map<Vertex, Map<number, number>> | undefined;

  /** The inputs that were added, in order. */
  get outputs(): readonly Output[] {
    return this.#outputs;
  }

  /** The place of an output, which is added if it is new; -1 for scratch. */
  add(output: Output | undefined): bigint {
    if (output === undefined) {
      return emptyInput;
    }
    checkOutput(output);
    const known = this.#find(output);
    if (known !== undefined) {
      return BigInt(known);
    }
    const place = this.#outputs.length;
    if (place < fewInputs) this.#outputs = place === 0 ? [output] : this.#outputs.concat(output);
    else this.#outputs.push(output);
    this.#index(output, place);
    return BigInt(place);
  }

  #find({ vertex, index }: Output): number | undefined {
    if (this.#places !== undefined) {
      return this.#places.get(vertex)?.get(index);
    }
    for (let place = 0; place < this.#outputs.length; place += 1) {
      const other = this.#outputs[place];
      if (other?.vertex === vertex && other.index === index) return place;
    }
    return undefined;
  }

  #index({ vertex, index }: Output, place: number): void {
    if (this.#outputs.length <= fewInputs) {
      return;
    }
    if (this.#places === undefined) {
      this.#places = new Map();
      for (const [at, other] of this.#outputs.slice(0, place).entries()) {
        this.#index(other, at);
      }
    }
    const places = this.#places.get(vertex) ?? new Map<number, number>();
    places.set(index, place);
    this.#places.set(vertex, places);
  }
}
