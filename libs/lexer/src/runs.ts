import { TokenKind } from './tokens/token-kind.js';

/**
 * What most of a program is made of, read character by character: a pattern takes ten times as long for it. The rules of the states
 * stand above this: where it sees anything else than what they say just the same of, it says nothing, and they decide.
 */

/** What a character is, by its code; those beyond ASCII are none of it. */
const classes: Uint8Array = new Uint8Array(128);
const WORD = 1;
const DIGIT = 2;
const COLON = 4;
const QUOTE = 8;
const DOLLAR = 16;
const BACKSLASH = 32;
/** White space as heredocs have it. */
const SPACE = 64;
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/\w/.test(character)) classes[code] = WORD;
  if (/\d/.test(character)) classes[code] = WORD | DIGIT;
  if (character === ':') classes[code] = COLON;
  if (character === '"') classes[code] = QUOTE;
  if (character === '$') classes[code] = DOLLAR;
  if (character === '\\') classes[code] = BACKSLASH;
  if (/[\t\n\f\r ]/.test(character)) classes[code] = SPACE;
}

const DOT = 0x2e;

/** The class of the character at an offset; past the end there is none. */
function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (classes[code] ?? 0) : 0;
}

/** Where blanks end. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d) return at;
    at++;
  }
}

/**
 * Where a word ends that is a keyword or else a name; `from` where none starts there. Words with a digit first, with a colon in them
 * or behind them, and names with a dot behind them, are left to the rules.
 */
export function wordEnd(text: string, from: number): number {
  let found = classAt(text, from);
  if (found !== WORD) return from;
  let at = from;
  while ((found & WORD) !== 0) {
    at++;
    found = classAt(text, at);
  }
  return found === COLON || text.charCodeAt(at) === DOT ? from : at;
}

/** Where the text in a string ends. */
export function textEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && (classAt(text, at) & (QUOTE | DOLLAR | BACKSLASH)) === 0) at++;
  return at;
}

/** Where white space in a heredoc ends, or what is not: behind either the heredoc's delimiter may stand. `from` where neither starts. */
export function pieceEnd(text: string, from: number): number {
  const first = classAt(text, from);
  if ((first & (DOLLAR | BACKSLASH)) !== 0) return from;
  let at = from;
  if (first === SPACE) while (classAt(text, at) === SPACE) at++;
  else while (at < text.length && (classAt(text, at) & (SPACE | DOLLAR)) === 0) at++;
  return at;
}

/** Whether the character at an offset may stand in a name. */
export function isNamePart(text: string, at: number): boolean {
  return (classAt(text, at) & (WORD | COLON)) !== 0;
}

/** The kind of a word; undefined for a name. */
export function keywordAt(text: string, start: number, end: number): TokenKind | undefined {
  // Only few words begin and are as long as a keyword.
  switch (text.charCodeAt(start)) {
    case 0x61:
      return isWord(text, start, end, 'as') ? TokenKind.as : undefined;
    case 0x65:
      return isWord(text, start, end, 'export') ? TokenKind.export : undefined;
    case 0x66:
      return isWord(text, start, end, 'false') ? TokenKind.bool : undefined;
    case 0x69:
      return isWord(text, start, end, 'import') ? TokenKind.import : undefined;
    case 0x74:
      return isWord(text, start, end, 'true') ? TokenKind.bool : undefined;
    case 0x77:
      return isWord(text, start, end, 'with') ? TokenKind.with : undefined;
    default:
      return undefined;
  }
}

function isWord(text: string, start: number, end: number, word: string): boolean {
  return end - start === word.length && text.startsWith(word, start);
}

/** The kind of the token that a character is by itself, in all states of code; undefined where it is none or does more than that. */
export function markAt(text: string, at: number): TokenKind | undefined {
  switch (text.charCodeAt(at)) {
    case 0x0a:
      return TokenKind.newline;
    case 0x28:
      return TokenKind.parenOpen;
    case 0x29:
      return TokenKind.parenClose;
    case 0x2c:
      return TokenKind.comma;
    case 0x3b:
      return TokenKind.semicolon;
    default:
      return undefined;
  }
}

/** The offset of the `"` that ends a string which holds nothing but text; -1 where no such string starts at an offset. */
export function plainStringEnd(text: string, from: number): number {
  if ((classAt(text, from) & QUOTE) === 0) return -1;
  const end = textEnd(text, from + 1);
  return (classAt(text, end) & QUOTE) === 0 ? -1 : end;
}
