/** A word that was begun and not ended. */
export class UnterminatedWord extends Error {
  override readonly name = 'UnterminatedWord';
}

const blank = /[ \t\n]/;

/**
 * Splits a text into words as a POSIX shell does: by blanks, tabs and newlines, with quotes and backslashes, and without any
 * expansion. Throws `UnterminatedWord` for a quote without its end and a backslash without what it escapes.
 */
export function splitShellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    at += 1;
    if (blank.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'") {
      const end = text.indexOf("'", at);
      if (end === -1) throw new UnterminatedWord('a single quote is not closed');
      word = (word ?? '') + text.slice(at, end);
      at = end + 1;
    } else if (char === '"') {
      const quoted = doubleQuoted(text, at);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      if (at === text.length) throw new UnterminatedWord('a backslash at the end escapes nothing');
      const escaped = text.charAt(at);
      at += 1;
      if (escaped !== '\n') word = (word ?? '') + escaped;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Between double quotes a backslash escapes only what is special there; a newline after it is a continuation. */
function doubleQuoted(text: string, start: number): { readonly text: string; readonly end: number } {
  let found = '';
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { text: found, end: at + 1 };
    const next = text.charAt(at + 1);
    if (char === '\\' && next === '\n') at += 1;
    else if (char === '\\' && next !== '' && '$`"\\'.includes(next)) {
      found += next;
      at += 1;
    } else found += char;
  }
  throw new UnterminatedWord('a double quote is not closed');
}

const special = '\\\'"`${[|&;<>()*?!';

/** The words as a shell would read them back, joined by blanks. */
export function joinShellWords(words: readonly string[]): string {
  return words.map(quoteShellWord).join(' ');
}

/**
 * Quotes a word where a shell would not take it as it is: single characters by a backslash, and the whole of it in single quotes
 * where it holds white space.
 */
export function quoteShellWord(word: string): string {
  if (word === '') return "''";
  if (/^[\w./:=@%,+-]+$/.test(word)) return word;
  if (blank.test(word)) {
    if (!word.includes("'")) return `'${word}'`;
    return word
      .split("'")
      .map((part) => (part === '' ? '' : `'${part}'`))
      .join("\\'");
  }
  let quoted = '';
  for (const char of word) {
    const escapes = special.includes(char) || (quoted === '' && char === '~');
    quoted += escapes ? `\\${char}` : char;
  }
  return quoted;
}
