import type { Digest } from '@hlb/names';

/** The ops of a definition: their digests in order, and the place of each. */
export interface OpIndex {
  readonly digests: readonly Digest[];
  /** The place of the op with this digest; `undefined` where none has it. */
  placeOf(digest: Digest): number | undefined;
}

/**
 * What stands beside the ops of a definition, in their order. It is no Map, as those of a large graph are most of the work of
 * marshalling and of writing it.
 */
export abstract class ByOp<V> implements ReadonlyMap<Digest, V> {
  readonly #ops: OpIndex;

  constructor(ops: OpIndex) {
    this.#ops = ops;
  }

  /** Of the op at a place; `undefined` where there is nothing. */
  abstract at(place: number): V | undefined;

  /** Whether its ops are those of these digests. */
  isOf(digests: readonly Digest[]): boolean {
    return this.#ops.digests === digests;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  get(digest: Digest): V | undefined {
    const place = this.#ops.placeOf(digest);
    return place === undefined ? undefined : this.at(place);
  }

  has(digest: Digest): boolean {
    return this.get(digest) !== undefined;
  }

  forEach(visit: (value: V, digest: Digest, map: ReadonlyMap<Digest, V>) => void): void {
    const { digests } = this.#ops;
    for (let place = 0; place < digests.length; place += 1) {
      const digest = digests[place];
      const value = this.at(place);
      if (digest !== undefined && value !== undefined) visit(value, digest, this);
    }
  }

  *keys(): MapIterator<Digest> {
    for (const [digest] of this.entries()) yield digest;
    return undefined;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  *entries(): MapIterator<[Digest, V]> {
    for (const [place, digest] of this.#ops.digests.entries()) {
      const value = this.at(place);
      if (value !== undefined) yield [digest, value];
    }
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[Digest, V]> {
    return this.entries();
  }
}
