import { StringDecoder } from 'node:string_decoder';

/** A line longer than this many characters is given in pieces, so that memory stays bounded whatever a command prints. */
export const LONGEST_LINE: number = 16 * 1024;

/** Cuts the raw chunks of one stream into lines; characters split between chunks are put together. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that a chunk completes, without their newlines. */
  push(chunk: Uint8Array): string[] {
    const text = this.#rest + this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    while (this.#rest.length > LONGEST_LINE) {
      lines.push(this.#rest.slice(0, LONGEST_LINE));
      this.#rest = this.#rest.slice(LONGEST_LINE);
    }
    return lines;
  }

  /** The line that was left without a newline, if any. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}

/** The last lines of a log. */
export class Tail {
  readonly #limit: number;
  #lines: string[] = [];
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * this.#limit) {
      this.#dropped += this.#lines.length - this.#limit;
      this.#lines = this.#lines.slice(-this.#limit);
    }
  }

  /** At most the limit's number of lines, oldest first. */
  get lines(): readonly string[] {
    return this.#lines.slice(-this.#limit);
  }

  /** How many lines came in all. */
  get total(): number {
    return this.#dropped + this.#lines.length;
  }
}
