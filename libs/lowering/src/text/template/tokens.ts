import { syntaxError } from './error.js';

/** A piece of a template: text between actions, or a token inside of one. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  /** `if`, `range`, …; also `true`, `false`, `nil` and names of functions. */
  | { readonly kind: 'word'; readonly text: string }
  /** `.name`, without the dot. */
  | { readonly kind: 'field'; readonly text: string }
  /** `$name`, or `$` alone, with the dollar. */
  | { readonly kind: 'variable'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'char'; readonly code: bigint }
  | { readonly kind: 'number'; readonly text: string }
  /** White space inside of an action: it separates arguments. */
  | { readonly kind: 'space' }
  | { readonly kind: '.' | '|' | '(' | ')' | ',' | ':=' | '=' };

const spaces = ' \t\r\n';
const word = /[\p{L}\p{Nd}_]+/uy;
const quoted = /"(?:[^"\\\n]|\\.)*"/y;
const rawQuoted = /`[^`]*`/y;
const charQuoted = /'(?:[^'\\\n]|\\.)+'/y;
const number = /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9_]*\.?[0-9_]+(?:[eE][+-]?[0-9_]+)?\.?)/y;

/** Splits a template into texts and the tokens of its actions, trim markers and comments done with. */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimNext = false;
  for (;;) {
    const open = source.indexOf('{{', at);
    let text = source.slice(at, open === -1 ? source.length : open);
    if (trimNext) text = trimStart(text);
    const trims = open !== -1 && source[open + 2] === '-' && spaces.includes(source[open + 3] ?? 'x');
    if (trims) text = trimEnd(text);
    if (text !== '') tokens.push({ kind: 'text', text });
    if (open === -1) return tokens;
    const inside = open + (trims ? 3 : 2);
    const comment = commentEnd(source, trims ? inside + 1 : inside);
    if (comment !== undefined) {
      ({ at, trimNext } = comment);
      continue;
    }
    tokens.push({ kind: 'open' });
    const action = new ActionReader(source, inside, tokens);
    ({ at, trimNext } = action.read());
    tokens.push({ kind: 'close' });
  }
}

/** Where the template goes on after a comment that starts here. */
function commentEnd(source: string, start: number): { readonly at: number; readonly trimNext: boolean } | undefined {
  if (!source.startsWith('/*', start)) return undefined;
  const end = source.indexOf('*/', start + 2);
  if (end === -1) throw syntaxError('unclosed comment');
  const after = end + 2;
  if (source.startsWith('}}', after)) return { at: after + 2, trimNext: false };
  if (spaces.includes(source[after] ?? 'x') && source.startsWith('-}}', after + 1))
    return { at: after + 4, trimNext: true };
  throw syntaxError('comment ends before closing delimiter');
}

class ActionReader {
  readonly #source: string;
  readonly #tokens: Token[];
  #at: number;
  #depth = 0;

  constructor(source: string, at: number, tokens: Token[]) {
    this.#source = source;
    this.#at = at;
    this.#tokens = tokens;
  }

  /** Reads up to the end of the action, and says where the text after it starts. */
  read(): { readonly at: number; readonly trimNext: boolean } {
    for (;;) {
      const trims = this.#startsWithSpace() && this.#source.startsWith('-}}', this.#at + 1);
      if (trims || this.#source.startsWith('}}', this.#at)) {
        if (this.#depth > 0) throw syntaxError('unclosed left paren');
        return { at: this.#at + (trims ? 4 : 2), trimNext: trims };
      }
      if (this.#at >= this.#source.length) throw syntaxError('unclosed action');
      this.#tokens.push(this.#token());
    }
  }

  #token(): Token {
    const char = this.#source.charAt(this.#at);
    if (this.#startsWithSpace()) {
      while (this.#startsWithSpace() && !this.#source.startsWith('-}}', this.#at + 1)) this.#at += 1;
      return { kind: 'space' };
    }
    switch (char) {
      case '=':
        this.#at += 1;
        return { kind: '=' };
      case ':':
        if (this.#source[this.#at + 1] !== '=') throw syntaxError('expected :=');
        this.#at += 2;
        return { kind: ':=' };
      case '|':
      case ',':
        this.#at += 1;
        return { kind: char };
      case '(':
        this.#at += 1;
        this.#depth += 1;
        return { kind: '(' };
      case ')':
        this.#at += 1;
        this.#depth -= 1;
        if (this.#depth < 0) throw syntaxError('unexpected right paren');
        return { kind: ')' };
      case '"':
        return { kind: 'string', text: unquote(this.#match(quoted, 'unterminated quoted string')) };
      case '`':
        return { kind: 'string', text: this.#match(rawQuoted, 'unterminated raw quoted string').slice(1, -1) };
      case "'":
        return { kind: 'char', code: charCode(this.#match(charQuoted, 'unterminated character constant')) };
      case '$':
        this.#at += 1;
        return { kind: 'variable', text: `$${this.#word()}` };
      case '.':
        return this.#dot();
      default:
        return this.#wordOrNumber(char);
    }
  }

  #dot(): Token {
    if (/[0-9]/.test(this.#source.charAt(this.#at + 1)))
      return { kind: 'number', text: this.#match(number, 'bad number') };
    this.#at += 1;
    const name = this.#word();
    return name === '' ? { kind: '.' } : { kind: 'field', text: name };
  }

  #wordOrNumber(char: string): Token {
    if (/[0-9+-]/.test(char)) {
      const text = this.#match(number, `bad number syntax: ${JSON.stringify(char)}`);
      const rest = this.#word();
      if (rest !== '') throw syntaxError(`bad number syntax: ${JSON.stringify(text + rest)}`);
      return { kind: 'number', text };
    }
    const text = this.#word();
    if (text === '') throw syntaxError(`unexpected character ${JSON.stringify(char)} in action`);
    return { kind: 'word', text };
  }

  #word(): string {
    word.lastIndex = this.#at;
    const found = word.exec(this.#source)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #match(pattern: RegExp, complaint: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found === undefined) throw syntaxError(complaint);
    this.#at += found.length;
    return found;
  }

  #startsWithSpace(): boolean {
    const char = this.#source.charAt(this.#at);
    return char !== '' && spaces.includes(char);
  }
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
]);

/** The text of a Go string literal or rune literal, quotes and all. */
function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs, (written, ...groups) => {
      const [hex2, hex4, hex8, octal, letter]: readonly unknown[] = groups;
      const digits = hex2 ?? hex4 ?? hex8;
      if (typeof digits === 'string') return codePoint(Number.parseInt(digits, 16));
      if (typeof octal === 'string') return codePoint(Number.parseInt(octal, 8));
      const named = typeof letter === 'string' ? escapes.get(letter) : undefined;
      if (named === undefined) throw syntaxError(`invalid escape ${JSON.stringify(written)}`);
      return named;
    });
}

function codePoint(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw syntaxError('invalid escape of a character');
  return String.fromCodePoint(code);
}

function charCode(literal: string): bigint {
  const chars = [...unquote(literal)];
  const [char] = chars;
  if (char === undefined || chars.length !== 1) throw syntaxError(`malformed character constant: ${literal}`);
  return BigInt(char.codePointAt(0) ?? 0);
}

function trimStart(text: string): string {
  return text.replace(/^[ \t\r\n]+/, '');
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && spaces.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
