import type { Digest } from '@hlb/names';
import type { OpIndex } from './by-op.js';

/** Hexadecimal digits of a digest that a place is looked for by: they are as good as random. */
const hashStart = 'sha256:'.length;
const hashDigits = 7;

const fewestSlots = 64;

/**
 * Digests in the order in which they were added, each once, with the place of each. A table that is open to numbers alone: a Map
 * would work out a hash of each text, and move them all whenever it grows.
 */
export class DigestPlaces implements OpIndex {
  readonly digests: Digest[] = [];
  /** Places plus 1, by the hash and what follows it; at most half of them are taken. */
  #slots = new Uint32Array(fewestSlots);

  placeOf(digest: Digest): number | undefined {
    const taken = this.#slots[this.#slotOf(digest)] ?? 0;
    return taken === 0 ? undefined : taken - 1;
  }

  /** The place of a digest, which is added if it is not among them. */
  add(digest: Digest): number {
    const slot = this.#slotOf(digest);
    const taken = this.#slots[slot] ?? 0;
    if (taken !== 0) return taken - 1;
    const count = this.digests.push(digest);
    this.#slots[slot] = count;
    if (count * 2 > this.#slots.length) this.#grow();
    return count - 1;
  }

  /** Where the digest stands, or the free slot for it. */
  #slotOf(digest: Digest): number {
    const { digests } = this;
    const slots = this.#slots;
    const last = slots.length - 1;
    let slot = hashOf(digest) & last;
    for (let taken = slots[slot] ?? 0; taken !== 0 && digests[taken - 1] !== digest; taken = slots[slot] ?? 0) {
      slot = (slot + 1) & last;
    }
    return slot;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 4);
    const { digests } = this;
    for (let place = 0; place < digests.length; place += 1) {
      const digest = digests[place];
      if (digest !== undefined) this.#slots[this.#slotOf(digest)] = place + 1;
    }
  }
}

function hashOf(digest: Digest): number {
  let hash = 0;
  for (let at = hashStart; at < hashStart + hashDigits; at += 1) {
    const code = digest.charCodeAt(at);
    // '0' to '9' and 'a' to 'f'.
    hash = (hash << 4) | (code < 0x60 ? code & 0xf : code - 0x57);
  }
  return hash;
}
