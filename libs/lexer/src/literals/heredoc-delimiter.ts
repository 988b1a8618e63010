/** The word that ends a heredoc, of its opener as written: `<<EOM`, `<<-EOM`, ``<<~`EOM` ``. */
export function heredocDelimiter(opener: string): string {
  const word = /\w+/.exec(opener);
  return word === null ? '' : word[0];
}

/** Whether the delimiter stands at this offset as a whole word. To be asked only where a token may start. */
export function delimiterAt(text: string, offset: number, delimiter: string): boolean {
  return text.startsWith(delimiter, offset) && !isWordCharacter(text.charCodeAt(offset + delimiter.length));
}

/** `\w`, which is ASCII in HLB. `NaN`, what `charCodeAt` says past the end, is none. */
function isWordCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
