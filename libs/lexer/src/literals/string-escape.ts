const named: ReadonlyMap<string, string> = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
  ['$', '$'],
]);

/** What an escape of a `"…"` string stands for, or why it stands for nothing. */
export type EscapeReading = { readonly text: string } | { readonly problem: 'unknown' | 'range' };

/**
 * Reads an escape as written: `\n` and the like, `\$`, `\xHH` and `\OOO` up to 0x7f, `\uHHHH`, `\UHHHHHHHH`.
 * Escapes of single bytes end at 0x7f: a string is text, and a byte beyond that is no character.
 */
export function readEscape(written: string): EscapeReading {
  if (written.length === 2) {
    const text = named.get(written.charAt(1));
    return text === undefined ? { problem: 'unknown' } : { text };
  }
  const letter = written.charAt(1);
  if (letter === 'x') return character(Number.parseInt(written.slice(2), 16), 0x7f);
  if (letter === 'u' || letter === 'U') return character(Number.parseInt(written.slice(2), 16), 0x10ffff);
  if (/^\\[0-7]{3}$/.test(written)) return character(Number.parseInt(written.slice(1), 8), 0x7f);
  return { problem: 'unknown' };
}

function character(code: number, largest: number): EscapeReading {
  if (code > largest || (code >= 0xd800 && code <= 0xdfff)) return { problem: 'range' };
  return { text: String.fromCodePoint(code) };
}
