import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import type moo from 'moo';
import { delimiterAt, heredocDelimiter } from './heredoc-delimiter.js';
import * as errors from './lexical-errors.js';
import './moo-fields.js';
import { readNumber } from './number.js';
import { hlbStates } from './states.js';
import { readEscape } from './string-escape.js';
import { TokenKind } from './token-kind.js';
import { type TokenList, TokenListBuilder } from './token-list.js';
import { judgeUnclosed } from './unclosed.js';

export interface LexResult {
  readonly tokens: TokenList;
  /** In order of place; one a mistake, at most `MAX_DIAGNOSTICS`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Diagnostics of a file beyond this number are not kept. */
export const MAX_DIAGNOSTICS = 100;

/** How often a file is read on after a literal that it does not close. Each time costs a scan to the end of the file. */
const MAX_RESTARTS = 8;

/** Compiling the states takes longer than lexing a small file. Lexing is synchronous, so that all can share one. */
let shared: moo.Lexer | undefined;

/** moo's rules are named for the kinds of tokens that they give; these are the exceptions. What is in neither is bad. */
const kindOfRule: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...Object.entries(TokenKind).filter(([name]) => name !== 'bad'),
  ['lone', TokenKind.text],
  ['heredocEscape', TokenKind.text],
]);

/** Turns a text into tokens. Never throws: input that no rule takes becomes `bad` tokens, with a diagnostic each. */
export function lex(file: SourceFile): LexResult {
  shared ??= hlbStates();
  const lexing = new Lexing(file, shared);
  try {
    return lexing.run();
  } finally {
    shared.reset('');
  }
}

/** One pass over a file. */
class Lexing {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #moo: moo.Lexer;
  readonly #out: TokenListBuilder;
  /** Numbers of the tokens that opened what is open now; moo's stack has one state for each. */
  readonly #openers: number[] = [];
  /** Delimiters of the heredocs that are open now. */
  readonly #delimiters: string[] = [];
  #diagnostics: Diagnostic[] = [];
  #restarts = 0;

  constructor(file: SourceFile, lexer: moo.Lexer) {
    this.#file = file;
    this.#text = file.text;
    this.#moo = lexer.reset(file.text);
    this.#out = new TokenListBuilder(file.text.length >> 2);
  }

  run(): LexResult {
    const moo = this.#moo;
    if (this.#text.charCodeAt(0) === 0xfeff) moo.index = 1;
    for (;;) {
      if (!this.#beforeToken()) continue;
      const token = moo.next();
      if (token !== undefined) this.#take(token.type ?? '', token.offset, moo.index);
      else if (!this.#restart()) break;
    }
    this.#out.push(TokenKind.eof, this.#text.length, this.#text.length);
    return { tokens: this.#out.finish(), diagnostics: this.#diagnostics.sort(byPlace) };
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
    else this.#report(errors.badCharacters(this.#file, start, end));
  }

  #report(found: Diagnostic): void {
    if (this.#diagnostics.length < MAX_DIAGNOSTICS) this.#diagnostics.push(found);
  }

  /**
   * At the end of the file: closes the outermost literal that is open where its author may have meant to, forgets what was
   * read behind that place, and goes on there. False: no literal is open, lexing is done.
   */
  #restart(): boolean {
    const level = this.#openers.findIndex((opener) => closerOf(this.#out.kindAt(opener)) !== undefined);
    const opener = this.#openers[level];
    if (opener === undefined) return false;
    const kind = this.#out.kindAt(opener);
    const start = this.#out.startAt(opener);
    const end = this.#out.endAt(opener);
    const interpolation = this.#openers[level + 1];
    const { diagnostic, stop } = judgeUnclosed(this.#file, this.#out, { kind, start, end, interpolation });
    this.#forgetDiagnosticsFrom(start);
    this.#report(diagnostic);
    this.#restarts++;
    this.#leaveDownTo(level);
    this.#moo.index = this.#restarts > MAX_RESTARTS ? this.#text.length : stop;
    this.#out.truncate(opener + 1);
    if (this.#moo.index > end) this.#out.pushText(end, this.#moo.index);
    this.#out.push(closerOf(kind) ?? TokenKind.stringClose, this.#moo.index, this.#moo.index);
    return true;
  }

  /** Leaves all states above that number of openers. */
  #leaveDownTo(level: number): void {
    if (this.#moo.state === 'reference') this.#moo.popState();
    while (this.#openers.length > level) {
      const kind = this.#out.kindAt(this.#openers.pop() ?? 0);
      this.#moo.popState();
      if (kind === TokenKind.heredocOpen || kind === TokenKind.rawHeredocOpen) this.#delimiters.pop();
    }
  }

  /** What was reported behind this place was a misunderstanding; unclosed literals, reported at the end of the file, stay. */
  #forgetDiagnosticsFrom(start: number): void {
    this.#diagnostics = this.#diagnostics.filter((d) => {
      const at = d.labels[0]?.span.start ?? 0;
      return at < start || at === this.#text.length;
    });
  }
}

function closerOf(opener: number): TokenKind | undefined {
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

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.labels[0]?.span.start ?? 0) - (b.labels[0]?.span.start ?? 0);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d) return at;
    at++;
  }
}
