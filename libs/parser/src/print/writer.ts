import type { Block, Expr } from '../ast.js';

/** The rules that contain each other, as in the parser: each lives in a file of its own and reaches the others through this. */
export interface PrintRules {
  readonly expr: (w: Writer, expr: Expr) => void;
  readonly block: (w: Writer, block: Block) => void;
}

/** How many pieces are joined at a time: enough to be quick, few enough to be young when they go. */
const BATCH = 4096;

/** The text written so far, and how what comes next is to be laid out. */
export class Writer {
  readonly rules: PrintRules;
  /** Tabs before a new line. */
  indent = 0;
  /** Inside a heredoc's interpolation, where only comments break lines. */
  flat = false;
  readonly #batches: string[] = [];
  #pieces: string[] = [];
  readonly #lineStarts: string[] = [];

  constructor(rules: PrintRules) {
    this.rules = rules;
  }

  /** All that was written. */
  get text(): string {
    return this.#batches.join('') + this.#pieces.join('');
  }

  write(text: string): void {
    this.#pieces.push(text);
    if (this.#pieces.length < BATCH) return;
    this.#batches.push(this.#pieces.join(''));
    this.#pieces = [];
  }

  /** Ends the line and indents the next. */
  line(): void {
    let start = this.#lineStarts[this.indent];
    if (start === undefined) {
      start = `\n${'\t'.repeat(this.indent)}`;
      this.#lineStarts[this.indent] = start;
    }
    this.write(start);
  }
}
