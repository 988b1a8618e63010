import { type Diagnostic, type DiagnosticCode, diagnostic, type SourceFile, span } from '@hlb/diagnostics';

/** A statement that can't be read further: caught where statements are read, never seen outside. */
export class TextFault extends Error {
  readonly diagnostic: Diagnostic;

  constructor(found: Diagnostic) {
    super(found.message);
    this.diagnostic = found;
  }
}

const blanks = /(?:[ \t\r]|\/\/[^\n]*)*/y;
const statement = /[ \t]*(?:%[\w.-]+[ \t]*=|(?:output|target|file|loc)[ \t])/y;
const blanksAndLines = /(?:[ \t\r\n]|\/\/[^\n]*)*/y;

/** Reads IR text from left to right. Inside of brackets lines don't matter. */
export class Scanner {
  readonly file: SourceFile;
  /** Where the next token starts, once blanks are skipped. */
  at = 0;
  #depth = 0;

  constructor(file: SourceFile) {
    this.file = file;
  }

  /** What stands here, if it has this (sticky) form. */
  take(form: RegExp): RegExpExecArray | undefined {
    this.skipBlanks();
    form.lastIndex = this.at;
    const found = form.exec(this.file.text) ?? undefined;
    if (found !== undefined) this.at = form.lastIndex;
    return found;
  }

  /** Whether this text stands here; it is then taken. */
  takeText(text: string): boolean {
    this.skipBlanks();
    if (!this.file.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Whether this text stands here. */
  sees(text: string): boolean {
    this.skipBlanks();
    return this.file.text.startsWith(text, this.at);
  }

  /** Takes this text or fails. */
  expect(text: string, what: string): void {
    if (!this.takeText(text)) this.fail('HLB0601', `expected ${what}`);
  }

  /** Takes what has this form or fails. */
  expectForm(form: RegExp, what: string): RegExpExecArray {
    return this.take(form) ?? this.fail('HLB0601', `expected ${what}`);
  }

  /** The character that stands here; empty at the end. */
  peek(): string {
    this.skipBlanks();
    return this.file.text.charAt(this.at);
  }

  atLineEnd(): boolean {
    const next = this.peek();
    return next === '' || next === '\n';
  }

  /** Whether nothing but blanks and comments is left. */
  atEnd(): boolean {
    blanksAndLines.lastIndex = this.at;
    blanksAndLines.exec(this.file.text);
    this.at = blanksAndLines.lastIndex;
    return this.at >= this.file.text.length;
  }

  /** Reads what stands between brackets, where lines don't matter. */
  inBrackets<T>(open: string, close: string, read: () => T): T {
    this.expect(open, `\`${open}\``);
    this.#depth++;
    const value = read();
    this.expect(close, `\`${close}\``);
    this.#depth--;
    return value;
  }

  /** Items with a separator between them, and maybe one at the end. */
  items<T>(open: string, close: string, separator: string, read: () => T): readonly T[] {
    return this.inBrackets(open, close, () => {
      const items: T[] = [];
      while (!this.sees(close)) {
        items.push(read());
        if (!this.takeText(separator)) break;
      }
      return items;
    });
  }

  /** Goes to the end of the line. */
  skipLine(): void {
    const next = this.file.text.indexOf('\n', this.at);
    this.at = next === -1 ? this.file.text.length : next;
  }

  /** Goes to the next line that starts a statement, out of all brackets. */
  skipStatement(): void {
    this.#depth = 0;
    for (this.skipLine(); this.at < this.file.text.length; this.skipLine()) {
      this.at++;
      statement.lastIndex = this.at;
      if (statement.test(this.file.text)) return;
    }
  }

  /** Ends the statement with a diagnostic at what stands here, or from `start` to here. */
  fail(code: DiagnosticCode, message: string, start?: number, help?: string): never {
    const { text } = this.file;
    const read = this.at;
    this.skipBlanks();
    const from = start ?? this.at;
    const word = /"(?:[^"\\\n]|\\.)*"?|[\w.$#%-]+|[^\n]/y;
    word.lastIndex = from;
    const found = word.exec(text)?.[0] ?? '';
    const to = start === undefined || read <= start ? from + found.length : read;
    const seen = start !== undefined ? '' : found === '' ? ', found the end of the line' : `, found \`${found}\``;
    throw new TextFault(
      diagnostic(code, {
        message: `${message}${seen}`,
        at: span(this.file, Math.min(from, text.length), Math.min(to, text.length)),
        helps: help === undefined ? [] : [help],
      }),
    );
  }

  skipBlanks(): void {
    const next = this.file.text.charCodeAt(this.at);
    if (next > 0x20 && next !== 0x2f) return;
    if (next === 0x20 && this.file.text.charCodeAt(this.at + 1) > 0x2f) {
      this.at++;
      return;
    }
    const form = this.#depth > 0 ? blanksAndLines : blanks;
    form.lastIndex = this.at;
    form.exec(this.file.text);
    this.at = form.lastIndex;
  }
}
