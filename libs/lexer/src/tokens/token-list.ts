import { TokenKind } from './token-kind.js';

/**
 * The tokens of a file as parallel arrays, ordered by place: number `i` is `kinds[i]` from `starts[i]` to `ends[i]`
 * (UTF-16 offsets, half-open). The last one is `eof`. Files have millions of tokens; an object for each would cost more than lexing.
 */
export interface TokenList {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A growing token list; arrays double when they are full. */
export class TokenListBuilder {
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #count = 0;

  /** `expected` is a guess at the number of tokens. */
  constructor(expected: number) {
    const capacity = Math.max(16, expected);
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  push(kind: TokenKind, start: number, end: number): void {
    const at = this.#count;
    if (at === this.#kinds.length) this.#grow();
    this.#kinds[at] = kind;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#count = at + 1;
  }

  /** Adds text; joined to the token before it when that is text too and ends here. */
  pushText(start: number, end: number): void {
    const last = this.#count - 1;
    if (last >= 0 && this.#kinds[last] === TokenKind.text && this.#ends[last] === start) this.#ends[last] = end;
    else this.push(TokenKind.text, start, end);
  }

  kindAt(index: number): number {
    return this.#kinds[index] ?? TokenKind.eof;
  }

  startAt(index: number): number {
    return this.#starts[index] ?? 0;
  }

  endAt(index: number): number {
    return this.#ends[index] ?? 0;
  }

  /** The list as it stands now; the builder must not be used any more. */
  finish(): TokenList {
    return {
      count: this.#count,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
    };
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    const starts = new Int32Array(capacity);
    const ends = new Int32Array(capacity);
    kinds.set(this.#kinds);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#kinds = kinds;
    this.#starts = starts;
    this.#ends = ends;
  }
}
