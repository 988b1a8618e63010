import type { Block, Expr } from '../ast.js';

/** The rules that contain each other, as in the parser: each lives in a file of its own and reaches the others through this. */
export interface PrintRules {
  readonly expr: (w: Writer, expr: Expr) => void;
  readonly block: (w: Writer, block: Block) => void;
}

/** The text written so far, and how what comes next is to be laid out. */
export class Writer {
  readonly rules: PrintRules;
  /** Grows piece by piece; the engine joins the pieces when the text is read. */
  text = '';
  /** Tabs before a new line. */
  indent = 0;
  /** Inside a heredoc's interpolation, where only comments break lines. */
  flat = false;

  constructor(rules: PrintRules) {
    this.rules = rules;
  }

  write(text: string): void {
    this.text += text;
  }

  /** Ends the line and indents the next. */
  line(): void {
    this.text += `\n${'\t'.repeat(this.indent)}`;
  }
}
