import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import type moo from 'moo';
import * as errors from './lexical-errors.js';
import { delimiterAt, heredocDelimiter } from './literals/heredoc-delimiter.js';
import './moo-fields.js';
import { readNumber } from './literals/number.js';
import { readEscape } from './literals/string-escape.js';
import { TokenKind } from './tokens/token-kind.js';
import { TokenListBuilder } from './tokens/token-list.js';

/** Diagnostics of a file beyond this number are not kept. */
export const MAX_DIAGNOSTICS = 100;

/** moo's rules are named for the kinds of tokens that they give; these are the exceptions. What is in neither is bad. */
const kindOfRule: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...Object.entries(TokenKind).filter(([name]) => name !== 'bad'),
  ['lone', TokenKind.text],
  ['heredocEscape', TokenKind.text],
]);

/** What one pass over a file found. */
export interface Pass {
  readonly tokens: TokenListBuilder;
  /** The first `MAX_DIAGNOSTICS` of them. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many there were. */
  readonly problems: number;
  /** Numbers of the tokens that opened what was still open at the end, outermost first. */
  readonly openers: readonly number[];
}

/** Where literals are to end that the file does not close, by the offset of their openers. */
export type ForcedEnds = ReadonlyMap<number, number>;

/** One pass over a file. */
export class Lexing {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #moo: moo.Lexer;
  readonly #out: TokenListBuilder;
  /** Numbers of the tokens that opened what is open now; moo's stack has one state for each. */
  readonly #openers: number[] = [];
  /** Delimiters of the heredocs that are open now. */
  readonly #delimiters: string[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #ends: ForcedEnds;
  #problems = 0;
  /** The line of the last `bad` token: more of them on one line come from one mistake. */
  #badLine = 0;

  constructor(file: SourceFile, lexer: moo.Lexer, ends: ForcedEnds) {
    this.#file = file;
    this.#ends = ends;
    this.#text = file.text;
    this.#moo = lexer.reset(file.text);
    this.#out = new TokenListBuilder(file.text.length >> 2);
  }

  run(): Pass {
    const moo = this.#moo;
    if (this.#text.charCodeAt(0) === 0xfeff) moo.index = 1;
    for (;;) {
      if (!this.#beforeToken()) continue;
      const token = moo.next();
      if (token === undefined) break;
      this.#take(token.type ?? '', token.offset, moo.index);
    }
    this.#out.push(TokenKind.eof, this.#text.length, this.#text.length);
    return { tokens: this.#out, diagnostics: this.#diagnostics, problems: this.#problems, openers: this.#openers };
  }

  /** What moo's states can't know before a token. False: the state changed, look again. */
  #beforeToken(): boolean {
    const moo = this.#moo;
    switch (moo.state) {
      case 'string':
      case 'raw':
        return true;
      case 'heredoc':
        return !this.#closeHeredoc(TokenKind.heredocClose);
      case 'rawHeredoc':
        return !this.#closeHeredoc(TokenKind.rawHeredocClose);
      case 'reference':
        if (this.#text.charCodeAt(moo.index) === 0x2e) return true;
        // Only a dot may follow a name, and only a name a dot.
        if (this.#out.kindAt(this.#out.count - 1) === TokenKind.dot && /[\w:]/.test(this.#text.charAt(moo.index)))
          return true;
        moo.popState();
        return false;
      default:
        moo.index = skipBlanks(this.#text, moo.index);
        return true;
    }
  }

  #closeHeredoc(kind: TokenKind): boolean {
    const start = this.#moo.index;
    const delimiter = this.#delimiters.at(-1) ?? '';
    if (!delimiterAt(this.#text, start, delimiter)) return false;
    this.#moo.index = start + delimiter.length;
    this.#moo.popState();
    this.#out.push(kind, start, this.#moo.index);
    this.#openers.pop();
    this.#delimiters.pop();
    return true;
  }

  #take(rule: string, start: number, end: number): void {
    const kind = kindOfRule.get(rule);
    switch (kind) {
      case undefined:
        this.#bad(rule, start, end);
        break;
      case TokenKind.text:
        this.#out.pushText(start, end);
        break;
      case TokenKind.heredocOpen:
      case TokenKind.rawHeredocOpen:
        this.#delimiters.push(heredocDelimiter(this.#text.slice(start, end)));
        this.#open(kind, start, end);
        break;
      case TokenKind.stringOpen:
      case TokenKind.rawOpen:
      case TokenKind.braceOpen:
      case TokenKind.interpolationOpen:
        this.#open(kind, start, end);
        break;
      case TokenKind.stringClose:
      case TokenKind.rawClose:
      case TokenKind.braceClose:
      case TokenKind.interpolationClose:
        this.#openers.pop();
        this.#out.push(kind, start, end);
        break;
      case TokenKind.decimal:
      case TokenKind.numeric:
        this.#number(kind, start, end);
        break;
      case TokenKind.escape:
        this.#escape(start, end);
        break;
      default:
        this.#out.push(kind, start, end);
    }
  }

  #open(kind: TokenKind, start: number, end: number): void {
    this.#openers.push(this.#out.count);
    this.#out.push(kind, start, end);
    const stop = this.#ends.get(start);
    if (stop !== undefined) this.#closeAt(kind, end, stop);
  }

  /** Makes all up to an offset the text of a literal that was just opened, and ends it there with an empty token. */
  #closeAt(opener: TokenKind, start: number, stop: number): void {
    const closer = closerOf(opener);
    if (closer === undefined) return;
    if (stop > start) this.#out.pushText(start, stop);
    this.#out.push(closer, stop, stop);
    this.#openers.pop();
    if (opener === TokenKind.heredocOpen || opener === TokenKind.rawHeredocOpen) this.#delimiters.pop();
    this.#moo.popState();
    this.#moo.index = Math.max(start, stop);
  }

  #number(kind: TokenKind, start: number, end: number): void {
    // 18 decimal digits are always in range.
    const short = kind === TokenKind.decimal && end - start <= 18;
    const reading = short ? undefined : readNumber(this.#text.slice(start, end));
    if (reading === undefined || 'value' in reading) {
      this.#out.push(kind, start, end);
      return;
    }
    this.#out.push(TokenKind.bad, start, end);
    this.#report(
      reading.problem === 'digit'
        ? errors.badDigit(this.#file, start, end, reading.base)
        : errors.numberTooLarge(this.#file, start, end),
    );
  }

  #escape(start: number, end: number): void {
    this.#out.push(TokenKind.escape, start, end);
    if (this.#moo.state === 'heredoc') return;
    const reading = readEscape(this.#text.slice(start, end));
    if ('text' in reading) return;
    const make = reading.problem === 'unknown' ? errors.unknownEscape : errors.escapeOutOfRange;
    this.#report(make(this.#file, start, end));
  }

  #bad(rule: string, start: number, end: number): void {
    if (rule === 'badEscape') {
      this.#out.pushText(start, end);
      // At the end of the file the string's missing end is the mistake.
      if (end < this.#text.length) this.#report(errors.backslashAtLineEnd(this.#file, start));
      return;
    }
    this.#out.push(TokenKind.bad, start, end);
    if (rule === 'quoted') this.#report(errors.singleQuotes(this.#file, start, end));
    else if (rule === 'negative') this.#report(errors.negativeNumber(this.#file, start, end));
    else if (this.#lineOf(start) !== this.#badLine) this.#report(errors.badCharacters(this.#file, start, end));
    this.#badLine = this.#lineOf(start);
  }

  #lineOf(offset: number): number {
    return this.#file.position(offset).line;
  }

  #report(found: Diagnostic): void {
    this.#problems++;
    if (this.#diagnostics.length < MAX_DIAGNOSTICS) this.#diagnostics.push(found);
  }
}

/** The kind that closes a literal of this opener's kind; undefined where the kind opens no literal. */
export function closerOf(opener: number): TokenKind | undefined {
  switch (opener) {
    case TokenKind.stringOpen:
      return TokenKind.stringClose;
    case TokenKind.rawOpen:
      return TokenKind.rawClose;
    case TokenKind.heredocOpen:
      return TokenKind.heredocClose;
    case TokenKind.rawHeredocOpen:
      return TokenKind.rawHeredocClose;
    default:
      return undefined;
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d) return at;
    at++;
  }
}
