import type { TerminalStream } from '../process/io.js';

/** Characters that wait for a reader; beyond it lines are left out. An engine keeps 2 MiB of a step's log. */
const WAITING = 16 * 1024 * 1024;

/**
 * What a view writes, to a reader that may have stopped reading. What can be left out is, while too much waits to be read; how
 * much that was is told at its place, before what comes next.
 */
export class BoundedOutput {
  readonly #out: TerminalStream;
  readonly #limit: number;
  #full = false;
  #leftOut = 0;

  constructor(out: TerminalStream, limit: number = WAITING) {
    this.#out = out;
    this.#limit = limit;
  }

  /** Whether too much waits: from the limit on, until half of it was read. */
  get full(): boolean {
    this.#full = this.#out.writableLength >= (this.#full ? this.#limit / 2 : this.#limit);
    return this.#full;
  }

  /** Writes what is few and must be seen. */
  write(text: string): void {
    if (this.#leftOut > 0 && !this.full) this.tell();
    this.#out.write(text);
  }

  /** Writes whole lines that may be left out. */
  writeLines(lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.full) this.#leftOut += lines.length;
    else this.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Says what was left out since it was said last. */
  tell(): void {
    if (this.#leftOut === 0) return;
    const lines = this.#leftOut === 1 ? '1 line' : `${this.#leftOut} lines`;
    this.#leftOut = 0;
    this.#out.write(`… ${lines} left out here: nobody read them in time …\n`);
  }
}
