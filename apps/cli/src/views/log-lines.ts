import { StringDecoder } from 'node:string_decoder';

/** A line longer than this many characters is given in pieces, so that memory stays bounded whatever a command prints. */
export const LONGEST_LINE: number = 16 * 1024;
/** Where a line was divided, both pieces show it. */
const DIVIDED = '…';
/** The upper six bits of code units that go with the one before. */
const LOW_SURROGATES = 0x37;

/** Cuts the raw chunks of one stream into lines; characters split between chunks are put together. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that a chunk completes, without their newlines. */
  push(chunk: Uint8Array): string[] {
    const text = this.#rest + this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const whole = text.split('\n');
    this.#rest = whole.pop() ?? '';
    const lines: string[] = [];
    for (const line of whole) divide(line, lines, 0);
    this.#rest = divide(this.#rest, lines, LONGEST_LINE);
    return lines;
  }

  /** The line that was left without a newline, if any. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}

/** Gives a line in pieces; what is at most `keep` long is not given, but returned. */
function divide(line: string, pieces: string[], keep: number): string {
  let at = 0;
  // The mark of a piece that goes on is not counted: it is within what a piece may be longer.
  while (line.length - at > LONGEST_LINE) {
    let end = at + LONGEST_LINE;
    if (line.charCodeAt(end) >>> 10 === LOW_SURROGATES) end -= 1;
    pieces.push(`${at === 0 ? '' : DIVIDED}${line.slice(at, end)}${DIVIDED}`);
    at = end;
  }
  const rest = at === 0 ? line : `${DIVIDED}${line.slice(at)}`;
  if (keep > 0) return rest;
  pieces.push(rest);
  return '';
}

/** The last lines of a log, within a number of lines and of characters. */
export class Tail {
  readonly #lines: number;
  readonly #characters: number;
  #kept: string[] = [];
  #size = 0;
  #dropped = 0;

  constructor(limits: { readonly lines: number; readonly characters: number }) {
    this.#lines = limits.lines;
    this.#characters = limits.characters;
  }

  push(line: string): void {
    this.#kept.push(line);
    this.#size += line.length;
    if (this.#kept.length > 2 * this.#lines || this.#size > 2 * this.#characters) this.#shorten();
  }

  /** At most the limit's number of lines, oldest first. The last line is always there. */
  get lines(): readonly string[] {
    return this.#kept.slice(this.#first());
  }

  /** How many lines came in all. */
  get total(): number {
    return this.#dropped + this.#kept.length;
  }

  /** Lets go of all lines; they still count. */
  forget(): void {
    this.#dropped += this.#kept.length;
    this.#kept = [];
    this.#size = 0;
  }

  #first(): number {
    let size = 0;
    let at = this.#kept.length;
    while (at > 0 && this.#kept.length - at < this.#lines) {
      size += this.#kept[at - 1]?.length ?? 0;
      if (size > this.#characters && at < this.#kept.length) break;
      at -= 1;
    }
    return at;
  }

  #shorten(): void {
    const first = this.#first();
    this.#dropped += first;
    // Copies, since a piece of a text keeps all of the text.
    this.#kept = this.#kept.slice(first).map((line) => Buffer.from(line).toString());
    this.#size = this.#kept.reduce((sum, line) => sum + line.length, 0);
  }
}
