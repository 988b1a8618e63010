import { type Diagnostic, InternalError, type SourceFile } from '@hlb/diagnostics';
import * as errors from './lexical-errors.js';
import { delimiterAt, heredocDelimiter } from './literals/heredoc-delimiter.js';
import { readNumber } from './literals/number.js';
import { readEscape } from './literals/string-escape.js';
import { isNamePart, keywordAt, markAt, pieceEnd, plainStringEnd, skipBlanks, textEnd, wordEnd } from './runs.js';
import type { Rule, State } from './states/compiled-states.js';
import { TokenKind } from './tokens/token-kind.js';
import { TokenListBuilder } from './tokens/token-list.js';

/** Diagnostics of a file beyond this number are not kept. */
export const MAX_DIAGNOSTICS = 100;

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
  readonly #out: TokenListBuilder;
  /** Where the next token starts. */
  #at = 0;
  #state: State;
  /** The states around the current one, outermost first. */
  readonly #around: State[] = [];
  /** Numbers of the tokens that opened what is open now; `reference` aside there is a state for each. */
  readonly #openers: number[] = [];
  /** Delimiters of the heredocs that are open now. */
  readonly #delimiters: string[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #ends: ForcedEnds;
  #problems = 0;
  /** The line of the last `bad` token: more of them on one line come from one mistake. */
  #badLine = 0;

  constructor(file: SourceFile, first: State, ends: ForcedEnds) {
    this.#file = file;
    this.#ends = ends;
    this.#text = file.text;
    this.#state = first;
    this.#out = new TokenListBuilder(file.text.length >> 2);
  }

  run(): Pass {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    for (;;) {
      if (!this.#beforeToken()) continue;
      if (this.#at === text.length) break;
      this.#next();
    }
    this.#out.push(TokenKind.eof, text.length, text.length);
    return { tokens: this.#out, diagnostics: this.#diagnostics, problems: this.#problems, openers: this.#openers };
  }

  /**
   * What the rules of the states can't know before a token, and what most of a program is made of, which costs a tenth of what a
   * pattern does. False: something was taken or the state changed, look again.
   */
  #beforeToken(): boolean {
    const state = this.#state;
    if (state.isCode) {
      this.#takeCode();
      return true;
    }
    switch (state.name) {
      case 'string':
        return !this.#takeText(textEnd(this.#text, this.#at));
      case 'heredoc':
        return !this.#closeHeredoc(TokenKind.heredocClose) && !this.#takeText(pieceEnd(this.#text, this.#at));
      case 'rawHeredoc':
        return !this.#closeHeredoc(TokenKind.rawHeredocClose);
      case 'reference': {
        if (this.#text[this.#at] === '.') return true;
        // Only a dot may follow a name, and only a name a dot.
        if (this.#out.kindAt(this.#out.count - 1) === TokenKind.dot && isNamePart(this.#text, this.#at)) return true;
        this.#leaveState();
        return false;
      }
      default:
        return true;
    }
  }

  /** Takes keywords, names, marks and whole strings, up to where only the rules tell what comes. */
  #takeCode(): void {
    const text = this.#text;
    const out = this.#out;
    let start = this.#at;
    for (;;) {
      start = skipBlanks(text, start);
      const end = wordEnd(text, start);
      if (end > start) {
        out.push(keywordAt(text, start, end) ?? TokenKind.ident, start, end);
        start = end;
        continue;
      }
      const mark = markAt(text, start);
      if (mark !== undefined) {
        out.push(mark, start, start + 1);
        start += 1;
        continue;
      }
      const close = plainStringEnd(text, start);
      if (close === -1 || this.#ends.has(start)) break;
      out.push(TokenKind.stringOpen, start, start + 1);
      if (close > start + 1) out.push(TokenKind.text, start + 1, close);
      out.push(TokenKind.stringClose, close, close + 1);
      start = close + 1;
    }
    this.#at = start;
  }

  /** Takes the text of a literal up to an offset. False: there is none. */
  #takeText(end: number): boolean {
    const start = this.#at;
    if (end === start) return false;
    this.#at = end;
    this.#out.pushText(start, end);
    return true;
  }

  /** Takes a token by the rules of the state. */
  #next(): void {
    const text = this.#text;
    const start = this.#at;
    const { single, pattern, rules } = this.#state;
    const rule = single[text.charCodeAt(start)];
    if (rule !== undefined) {
      this.#at = start + 1;
      this.#follow(rule, start);
      return;
    }
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    this.#at = pattern.lastIndex;
    const found = match === null ? undefined : firstMatch(match, rules);
    if (found === undefined) throw new InternalError(`no rule of the lexer's state ${this.#state.name} matches`);
    this.#follow(found, start);
  }

  #follow(rule: Rule, start: number): void {
    if (rule.pop) this.#leaveState();
    else if (rule.push !== undefined) this.#enterState(rule.push);
    this.#take(rule, start, this.#at);
  }

  #enterState(state: State): void {
    this.#around.push(this.#state);
    this.#state = state;
  }

  #leaveState(): void {
    this.#state = this.#around.pop() ?? this.#state;
  }

  #closeHeredoc(kind: TokenKind): boolean {
    const start = this.#at;
    const delimiter = this.#delimiters.at(-1) ?? '';
    if (!delimiterAt(this.#text, start, delimiter)) return false;
    this.#at = start + delimiter.length;
    this.#leaveState();
    this.#out.push(kind, start, this.#at);
    this.#openers.pop();
    this.#delimiters.pop();
    return true;
  }

  #take({ kind, name }: Rule, start: number, end: number): void {
    switch (kind) {
      case TokenKind.bad:
        this.#bad(name, start, end);
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
    this.#leaveState();
    this.#at = Math.max(start, stop);
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
    if (this.#state.name === 'heredoc') return;
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

/** Of the rules that are the captures of a pattern, the one that has matched. */
function firstMatch(match: RegExpExecArray, rules: readonly Rule[]): Rule | undefined {
  for (let at = 0; at < rules.length; at++) if (match[at + 1] !== undefined) return rules[at];
  return undefined;
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
