const SIZE = 4096;

/**
 * Names and short texts repeat: this gives the same string for the same text, mostly without making it anew. A fixed table, where a
 * newer text takes an older one's place.
 */
export class NameCache {
  readonly #text: string;
  readonly #known: string[] = new Array<string>(SIZE).fill('');

  constructor(text: string) {
    this.#text = text;
  }

  /** The part of the text from `start` to `end`. */
  slice(start: number, end: number): string {
    const text = this.#text;
    const length = end - start;
    if (length > 32) return text.slice(start, end);
    const middle = start + (length >> 1);
    const slot =
      (length * 31 + text.charCodeAt(start) * 7 + text.charCodeAt(middle) * 131 + text.charCodeAt(end - 1) * 1031) &
      (SIZE - 1);
    const known = this.#known[slot] ?? '';
    if (known.length === length && text.startsWith(known, start)) return known;
    const fresh = text.slice(start, end);
    this.#known[slot] = fresh;
    return fresh;
  }
}
