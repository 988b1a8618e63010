const named: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
]);

/** Characters that Go calls printable: letters, marks, numbers, punctuation, symbols and the blank. */
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

export function isPrintable(char: string): boolean {
  return printable.test(char);
}

/** A text as a Go string literal. With `ascii` everything beyond ASCII is escaped. */
export function goQuote(text: string, ascii = false): string {
  return goQuoteWith(text, '"', ascii);
}

/** A character as a Go rune literal. */
export function goQuoteRune(char: string, ascii = false): string {
  return goQuoteWith(char, "'", ascii);
}

function goQuoteWith(text: string, quote: string, ascii: boolean): string {
  let quoted = quote;
  for (const char of text.toWellFormed()) quoted += char === quote ? `\\${quote}` : escaped(char, ascii);
  return quoted + quote;
}

function escaped(char: string, ascii: boolean): string {
  const code = char.codePointAt(0) ?? 0;
  const name = named.get(char);
  if (name !== undefined) return name;
  if (code < 0x80 ? code >= 0x20 && code !== 0x7f : !ascii && printable.test(char)) return char;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

/** Whether Go would write the text between backquotes: on one line, without control characters but the tab. */
export function canBackquote(text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '`' || code === 0x7f || code === 0xfeff || (code < 0x20 && char !== '\t')) return false;
  }
  return text.isWellFormed();
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
