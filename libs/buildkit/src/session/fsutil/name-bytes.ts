/** The bytes of many names, one after the other: strings would be objects, which the collector goes through. */
export class NameBytes {
  #bytes: Buffer;
  #length = 0;

  /** @param room bytes at first */
  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafeSlow(room);
  }

  /** Moves to a larger place as more is added: to be asked for anew after that. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Makes room for a name of so many bytes behind the others, and gives where it starts. */
  add(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#length, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, start);
      this.#bytes = grown;
    }
    return start;
  }
}
