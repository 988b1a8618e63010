/** What all lists without items share. */
const NONE: readonly never[] = [];

/**
 * Collects the items of nested lists into arrays of exactly their length. An array that grows by `push` keeps room for 16 more items,
 * and most lists of a program have one or two: it would be most of the tree's memory.
 */
export class ItemStack<T> {
  readonly #items: T[] = [];
  #top = 0;

  /** Where the next list starts; to be given to `take`. */
  get mark(): number {
    return this.#top;
  }

  push(item: T): void {
    this.#items[this.#top] = item;
    this.#top++;
  }

  /** All items pushed since the mark was asked for. */
  since(mark: number): readonly T[] {
    return this.#items.slice(mark, this.#top);
  }

  /** The same, which are then forgotten. */
  take(mark: number): readonly T[] {
    if (mark === this.#top) return NONE;
    const items = this.since(mark);
    this.#top = mark;
    return items;
  }
}
