import { NameBytes } from './name-bytes.js';
import { decodePath } from './path-text.js';

/** What a directory tells of an entry's kind. Some file systems tell nothing, and of the rarer kinds it doesn't matter here. */
export type ListedKind = 'file' | 'directory' | 'symlink' | 'unknown';

/** A name in a directory. */
export interface NamedEntry {
  readonly name: string;
  readonly kind: ListedKind;
}

/** The kinds by their numbers in the column. */
const KINDS: readonly ListedKind[] = ['unknown', 'file', 'directory', 'symlink'];

/** Room at first: most directories are small. */
const FIRST_ENTRIES = 16;
const FIRST_BYTES = 256;

/**
 * The names in a directory, of which there may be hundreds of thousands: their bytes one after the other, and columns of numbers. Objects and
 * strings would take five times as much, and live until the collector has gone through them all.
 */
export class DirectoryEntries {
  readonly #names = new NameBytes(FIRST_BYTES);
  /** Where each name ends, which is where the next one begins. */
  #ends = new Uint32Array(FIRST_ENTRIES);
  #kinds = new Uint8Array(FIRST_ENTRIES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param bytes the name, each of whose units is a byte (`latin1`) */
  add(bytes: string, kind: ListedKind): void {
    const start = this.#names.add(bytes.length);
    if (this.#length === this.#ends.length) this.#grow();
    this.#names.bytes.write(bytes, start, 'latin1');
    this.#ends[this.#length] = start + bytes.length;
    this.#kinds[this.#length] = KINDS.indexOf(kind);
    this.#length += 1;
  }

  name(at: number): string {
    return decodePath(this.#names.bytes, this.#start(at), this.#ends[at]);
  }

  kind(at: number): ListedKind {
    return KINDS[this.#kinds[at] ?? 0] ?? 'unknown';
  }

  has(name: string): boolean {
    for (let at = 0; at < this.#length; at++) if (this.name(at) === name) return true;
    return false;
  }

  /** How the bytes of two names compare. */
  compare(a: number, b: number): number {
    const { bytes } = this.#names;
    const startOfA = this.#start(a);
    const startOfB = this.#start(b);
    const lengthOfA = (this.#ends[a] ?? 0) - startOfA;
    const lengthOfB = (this.#ends[b] ?? 0) - startOfB;
    const length = Math.min(lengthOfA, lengthOfB);
    for (let i = 0; i < length; i++) {
      const difference = (bytes[startOfA + i] ?? 0) - (bytes[startOfB + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return lengthOfA - lengthOfB;
  }

  *[Symbol.iterator](): Generator<NamedEntry, void, undefined> {
    for (let at = 0; at < this.#length; at++) yield { name: this.name(at), kind: this.kind(at) };
  }

  #start(at: number): number {
    return at === 0 ? 0 : (this.#ends[at - 1] ?? 0);
  }

  #grow(): void {
    const ends = new Uint32Array(this.#length * 2);
    const kinds = new Uint8Array(this.#length * 2);
    ends.set(this.#ends);
    kinds.set(this.#kinds);
    this.#ends = ends;
    this.#kinds = kinds;
  }
}
