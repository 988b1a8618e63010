/** One element of a compiled pattern. Characters are code points. */
export type PatternToken =
  /** This character. */
  | { readonly kind: 'character'; readonly point: number }
  /** One character of a name. */
  | { readonly kind: 'any' }
  /** One character in, or not in, the ranges. */
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly (readonly [low: number, high: number])[];
    }
  /** Any characters of a name, none too. */
  | { readonly kind: 'some' }
  /** Any number of whole names, each with its `/`, none too. */
  | { readonly kind: 'names' }
  /** Any continuation. */
  | { readonly kind: 'rest' }
  /** Nothing, at the start of the text only. */
  | { readonly kind: 'start' };

const SLASH = 0x2f;
const NEWLINE = 0x0a;

/**
 * Matches a whole text against tokens by following all ways at once: the time is at most the product of both lengths, whatever the
 * pattern, for patterns come from others.
 */
export class PatternMatcher {
  readonly #tokens: readonly PatternToken[];
  /** What the text must begin and end with: most texts are refused by it at once. */
  readonly #prefix: string;
  readonly #suffix: string;
  #now: Places;
  #next: Places;

  constructor(tokens: readonly PatternToken[]) {
    this.#tokens = tokens;
    this.#prefix = leadingText(tokens);
    this.#suffix = trailingText(tokens);
    this.#now = new Places(tokens.length + 1);
    this.#next = new Places(tokens.length + 1);
  }

  test(text: string): boolean {
    if (!text.startsWith(this.#prefix) || !text.endsWith(this.#suffix)) return false;
    this.#now.clear();
    this.#enter(this.#now, 0, true);
    for (let at = 0; at < text.length; ) {
      const point = text.codePointAt(at) ?? 0;
      at += point > 0xffff ? 2 : 1;
      this.#next.clear();
      for (let i = 0; i < this.#now.size; i++) this.#step(this.#now.at(i), point);
      [this.#now, this.#next] = [this.#next, this.#now];
      if (this.#now.size === 0) return false;
    }
    return this.#now.has(this.#tokens.length);
  }

  /** Where the token at `place` leads by one character. */
  #step(place: number, point: number): void {
    const token = this.#tokens[place];
    if (token === undefined) return;
    switch (token.kind) {
      case 'character':
        if (point === token.point) this.#enter(this.#next, place + 1, false);
        return;
      case 'any':
        if (point !== SLASH) this.#enter(this.#next, place + 1, false);
        return;
      case 'class':
        if (inRanges(token.ranges, point) !== token.negated) this.#enter(this.#next, place + 1, false);
        return;
      case 'some':
        if (point !== SLASH) this.#enter(this.#next, place, false);
        return;
      case 'names':
        // Within a name there is no way on before its `/`.
        if (point !== NEWLINE) this.#next.add(place);
        if (point === SLASH) this.#enter(this.#next, place + 1, false);
        return;
      case 'rest':
        if (point !== NEWLINE) this.#enter(this.#next, place, false);
        return;
      case 'start':
        return;
      default:
        unreachable(token);
    }
  }

  /** Adds a place, and those behind it that are reached without a character. */
  #enter(places: Places, place: number, atStart: boolean): void {
    for (let at = place; ; at++) {
      places.add(at);
      const kind = this.#tokens[at]?.kind;
      const passes = kind === 'some' || kind === 'names' || kind === 'rest' || (kind === 'start' && atStart);
      if (!passes) return;
    }
  }
}

/** A set of places in a pattern that is emptied and gone through in no time. */
class Places {
  readonly #places: Uint32Array;
  readonly #added: Uint32Array;
  #round = 1;
  size = 0;

  constructor(count: number) {
    this.#places = new Uint32Array(count);
    this.#added = new Uint32Array(count);
  }

  clear(): void {
    this.size = 0;
    this.#round += 1;
    if (this.#round <= 0xffffffff) return;
    this.#added.fill(0);
    this.#round = 1;
  }

  add(place: number): void {
    if (this.#added[place] === this.#round) return;
    this.#added[place] = this.#round;
    this.#places[this.size++] = place;
  }

  has(place: number): boolean {
    return this.#added[place] === this.#round;
  }

  at(index: number): number {
    return this.#places[index] ?? 0;
  }
}

function inRanges(ranges: readonly (readonly [low: number, high: number])[], point: number): boolean {
  return ranges.some(([low, high]) => low <= point && point <= high);
}

function leadingText(tokens: readonly PatternToken[]): string {
  let text = '';
  for (const token of tokens) {
    if (token.kind !== 'character') break;
    text += String.fromCodePoint(token.point);
  }
  return text;
}

function trailingText(tokens: readonly PatternToken[]): string {
  let text = '';
  for (const token of tokens.toReversed()) {
    if (token.kind !== 'character') break;
    text = String.fromCodePoint(token.point) + text;
  }
  return text;
}

function unreachable(token: never): never {
  throw new Error(`unexpected token ${JSON.stringify(token)}`);
}
