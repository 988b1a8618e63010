import type { SourceFile, Span } from '@hlb/diagnostics';
import type { Origin } from '../ops.js';
import { quote, quoteBytes } from './quote.js';
import { isUnread } from './unread-file.js';

/** File names that can stand before `:LINE:COLUMN` as they are. */
const plainName = /^[A-Za-z_./~][\w./~+-]*$/;

/**
 * Writes places. A chain of calls is written as its first place and, where there are more than two, a reference into a table of
 * the chains' remainders, which calls share: 100,000 ops below one deep chain take a line each.
 */
export class PlacePrinter {
  readonly #files: SourceFile[] = [];
  readonly #numbers = new Map<SourceFile, number>();
  readonly #taken = new Map<string, number>();
  readonly #rows: string[] = [];
  readonly #rowOfOrigin = new Map<Origin, number>();
  readonly #rowOfText = new Map<string, number>();

  constructor(files: readonly SourceFile[]) {
    for (const file of files) this.#number(file);
  }

  /** In the order of their numbers. */
  get files(): readonly SourceFile[] {
    return this.#files;
  }

  /** A range of a file; the file is left out where it is `implied`. */
  span(span: Span, implied?: SourceFile): string {
    const start = span.file.position(span.start);
    const end = span.file.position(span.end);
    const last = start.line === end.line ? `${end.column}` : `${end.line}:${end.column}`;
    const range = `${start.line}:${start.column}-${last}`;
    return span.file === implied ? range : `${this.#name(span.file)}:${range}`;
  }

  /** A call and the calls around it. */
  origin(origin: Origin): string {
    const { caller } = origin;
    return caller === undefined ? this.span(origin.span) : `${this.span(origin.span)} <- ${this.chain(caller)}`;
  }

  /** The calls around a place. */
  chain(caller: Origin): string {
    return caller.caller === undefined ? this.span(caller.span) : `#${this.#row(caller)}`;
  }

  /** `file` lines, for all files or, with `sources`, with what they hold where that is known. */
  fileLines(sources: boolean): readonly string[] {
    return this.#files.map((file, number) => {
      const head = `file $${number} = ${quote(file.name)}`;
      if (!sources || isUnread(file)) return head;
      return file.bytes === undefined
        ? `${head} ${quote(file.text)}`
        : `${head} ${quote(file.text)} ${quoteBytes(file.bytes)}`;
    });
  }

  /** `loc` lines, each after those that it refers to. */
  locLines(): readonly string[] {
    return this.#rows.map((row, number) => `loc #${number} = ${row}`);
  }

  #row(origin: Origin): number {
    const chain: Origin[] = [];
    let at: Origin = origin;
    // The chain down to a part that has its row, or to the last two calls, which are written out.
    while (!this.#rowOfOrigin.has(at)) {
      chain.push(at);
      if (at.caller?.caller === undefined) break;
      at = at.caller;
    }
    let row = this.#rowOfOrigin.get(at) ?? 0;
    for (const each of chain.reverse()) {
      row = this.#rowOf(this.origin(each));
      this.#rowOfOrigin.set(each, row);
    }
    return row;
  }

  #rowOf(text: string): number {
    const known = this.#rowOfText.get(text);
    if (known !== undefined) return known;
    const row = this.#rows.push(text) - 1;
    this.#rowOfText.set(text, row);
    return row;
  }

  #number(file: SourceFile): number {
    const known = this.#numbers.get(file);
    if (known !== undefined) return known;
    const number = this.#files.push(file) - 1;
    this.#numbers.set(file, number);
    if (!this.#taken.has(file.name)) this.#taken.set(file.name, number);
    return number;
  }

  /** The name, or the number in the table of files where the name is no plain one or an earlier file's. */
  #name(file: SourceFile): string {
    const number = this.#number(file);
    return plainName.test(file.name) && this.#taken.get(file.name) === number ? file.name : `$${number}`;
  }
}
