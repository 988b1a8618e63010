/** A directive of a format, `%-5[2]s`, with the operand that it prints. */
export interface Directive {
  /** Place of the operand, from 0. */
  readonly operand: number;
  readonly verb: string;
  /** Of `#0+- `, those that were given. */
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

export interface ParsedFormat {
  /** Texts as they are, and directives. */
  readonly parts: readonly (string | Directive)[];
  /** Whether operands were named by number; then none is extra. */
  readonly reordered: boolean;
  /** The first operand that no directive took. */
  readonly next: number;
}

/** Go takes no width or precision beyond this. */
const largest = 1_000_000;

/** Splits a format of Go's `Sprintf`; mistakes become texts, as Go prints them. */
export function parseFormat(format: string, operands: number): ParsedFormat {
  const reader = new FormatReader(format, operands);
  while (reader.more()) reader.step();
  return { parts: reader.parts, reordered: reader.reordered, next: reader.operand };
}

class FormatReader {
  readonly parts: (string | Directive)[] = [];
  reordered = false;
  operand = 0;
  readonly #chars: readonly string[];
  readonly #operands: number;
  #at = 0;
  /** Whether all operand numbers of this directive were good. */
  #good = true;

  constructor(format: string, operands: number) {
    this.#chars = [...format];
    this.#operands = operands;
  }

  more(): boolean {
    return this.#at < this.#chars.length;
  }

  step(): void {
    let text = '';
    while (this.more() && this.#peek() !== '%') text += this.#take();
    if (text !== '') this.parts.push(text);
    if (!this.more()) return;
    this.#at += 1;
    this.#directive();
  }

  #directive(): void {
    this.#good = true;
    let flags = '';
    while (this.more() && '#0+- '.includes(this.#peek())) flags += this.#take();
    let afterIndex = this.#index();
    let width: number | undefined;
    if (this.#peek() === '*') {
      this.#star('%!(BADWIDTH)');
      afterIndex = false;
    } else {
      width = this.#number();
      if (afterIndex && width !== undefined) this.#good = false;
    }
    let precision: number | undefined;
    if (this.#peek() === '.') {
      this.#at += 1;
      if (afterIndex) this.#good = false;
      afterIndex = this.#index();
      if (this.#peek() === '*') {
        this.#star('%!(BADPREC)');
        afterIndex = false;
      } else {
        precision = this.#number() ?? 0;
      }
    }
    if (!afterIndex) this.#index();
    if (!this.more()) {
      this.parts.push('%!(NOVERB)');
      return;
    }
    const verb = this.#take();
    if (verb === '%') this.parts.push('%');
    else if (!this.#good) this.parts.push(`%!${verb}(BADINDEX)`);
    else if (this.operand >= this.#operands) this.parts.push(`%!${verb}(MISSING)`);
    else {
      this.parts.push({ operand: this.operand, verb, flags, width, precision });
      this.operand += 1;
    }
  }

  /** Takes `[n]`; whether a number stood there that can be read. */
  #index(): boolean {
    if (this.#peek() !== '[') return false;
    this.reordered = true;
    const close = this.#chars.indexOf(']', this.#at);
    if (close === -1 || this.#chars.length - this.#at < 3) {
      this.#at += 1;
      this.#good = false;
      return false;
    }
    const digits = this.#chars.slice(this.#at + 1, close).join('');
    this.#at = close + 1;
    const number = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
    const readable = number <= largest;
    if (readable && number >= 1 && number <= this.#operands) {
      this.operand = number - 1;
      return true;
    }
    this.#good = false;
    return readable;
  }

  /** A width or precision from an operand: all operands that reach it are texts or no `int`s, so it is always bad. */
  #star(complaint: string): void {
    this.#at += 1;
    this.parts.push(complaint);
    if (this.operand < this.#operands) this.operand += 1;
  }

  #number(): number | undefined {
    let digits = '';
    while (this.more() && /\d/.test(this.#peek())) digits += this.#take();
    if (digits === '') return undefined;
    const number = Number(digits);
    if (number <= largest) return number;
    this.#at = this.#chars.length;
    return undefined;
  }

  #peek(): string {
    return this.#chars[this.#at] ?? '';
  }

  #take(): string {
    const char = this.#peek();
    this.#at += 1;
    return char;
  }
}
