import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import * as errors from './lexical-errors.js';
import { closerOf, type ForcedEnds, type Pass } from './lexing.js';
import { delimiterAt, heredocDelimiter } from './literals/heredoc-delimiter.js';
import { TokenKind } from './tokens/token-kind.js';
import type { TokenListBuilder } from './tokens/token-list.js';

/** What is known of a literal that a file does not close. */
export interface OpenLiteral {
  /** The kind of its opener. */
  readonly kind: number;
  /** The opener's range. */
  readonly start: number;
  readonly end: number;
  /** The number of the token `${` that is not closed inside of it, where there is one. */
  readonly interpolation: number | undefined;
}

/** Where a literal was perhaps meant to end, and what to report if so. */
export interface Guess {
  /** Offset of the literal's opener. */
  readonly opener: number;
  readonly stop: number;
  readonly diagnostic: Diagnostic;
}

/** How many strings are tried as the one whose closing quote is missing. */
const MAX_SUSPECTS = 4;

/** The outermost literal that a pass found open at the end of the file. */
export function outermostLiteral({ tokens, openers }: Pass): OpenLiteral | undefined {
  const level = openers.findIndex((opener) => closerOf(tokens.kindAt(opener)) !== undefined);
  const opener = openers[level];
  if (opener === undefined) return undefined;
  const interpolation = openers[level + 1];
  return { kind: tokens.kindAt(opener), start: tokens.startAt(opener), end: tokens.endAt(opener), interpolation };
}

/**
 * A missing quote turns all that follows inside out, so that the last literal of the file is the one that is open. The culprit is
 * perhaps a string before it that goes beyond its line.
 */
export function guesses(
  file: SourceFile,
  pass: Pass,
  literal: OpenLiteral,
  ends: ForcedEnds,
): readonly [Guess, ...Guess[]] {
  const fallback: Guess = judge(file, pass.tokens, literal);
  const suspects = multilineStrings(file, pass.tokens)
    .filter((opener) => opener < literal.start && !ends.has(opener))
    .slice(0, MAX_SUSPECTS)
    .map((opener) => ({
      opener,
      stop: lineEnd(file.text, opener + 1),
      diagnostic: errors.unclosedString(file, opener, firstProblem(pass, opener) ?? endOf(file)),
    }));
  const [first, ...others] = suspects;
  return first === undefined ? [fallback] : [first, ...others, fallback];
}

/** The literal goes to the end of the file. */
export function lastResort(file: SourceFile, pass: Pass, literal: OpenLiteral): [Guess] {
  return [{ ...judge(file, pass.tokens, literal), stop: file.text.length }];
}

/**
 * How little sense a pass makes of its file: what it reports, the strings that go beyond their lines, and those that touch a word,
 * as they do where inside and outside are swapped.
 */
export function suspicion(file: SourceFile, pass: Pass): number {
  const open = outermostLiteral(pass) === undefined ? 0 : 1_000_000_000;
  return open + pass.problems + multilineStrings(file, pass.tokens).length + quotesAtWords(pass.tokens);
}

function quotesAtWords(tokens: TokenListBuilder): number {
  let found = 0;
  for (let at = 1; at < tokens.count; at++) {
    if (tokens.startAt(at) !== tokens.endAt(at - 1)) continue;
    const kind = tokens.kindAt(at);
    const before = tokens.kindAt(at - 1);
    if (kind === TokenKind.stringOpen && before === TokenKind.ident) found++;
    if (before === TokenKind.stringClose && kind === TokenKind.ident) found++;
  }
  return found;
}

/** Offsets of the strings outside of other literals whose text holds a newline. */
function multilineStrings(file: SourceFile, tokens: TokenListBuilder): number[] {
  const found: number[] = [];
  let opener: number | undefined;
  let depth = 0;
  for (let at = 0; at < tokens.count; at++) {
    const kind = tokens.kindAt(at);
    if (closerOf(kind) !== undefined) {
      if (depth === 0 && kind === TokenKind.stringOpen) opener = tokens.startAt(at);
      depth++;
    } else if (isLiteralClose(kind)) {
      depth--;
      if (depth === 0) opener = undefined;
    } else if (kind === TokenKind.text && depth === 1 && opener !== undefined) {
      const newline = file.text.indexOf('\n', tokens.startAt(at));
      if (newline === -1) return found;
      if (newline >= tokens.endAt(at)) continue;
      found.push(opener);
      opener = undefined;
    }
  }
  return found;
}

function isLiteralClose(kind: number): boolean {
  return (
    kind === TokenKind.stringClose ||
    kind === TokenKind.rawClose ||
    kind === TokenKind.heredocClose ||
    kind === TokenKind.rawHeredocClose
  );
}

/** The first place behind an offset that a pass complained about: up to there the reference would read. */
function firstProblem(pass: Pass, from: number): errors.Place | undefined {
  const label = pass.diagnostics.map((d) => d.labels[0]?.span).find((place) => (place?.start ?? 0) > from);
  return label === undefined ? undefined : { start: label.start, end: label.end };
}

function endOf(file: SourceFile): errors.Place {
  return { start: file.text.length, end: file.text.length };
}

/** What to report for the literal itself, and where it was most likely meant to end. */
function judge(file: SourceFile, tokens: TokenListBuilder, literal: OpenLiteral): Guess {
  if (literal.interpolation !== undefined) {
    const opener = tokens.startAt(literal.interpolation);
    const at = endOfExpression(tokens, literal.interpolation);
    const place = at < tokens.count ? { start: tokens.startAt(at), end: tokens.endAt(at) } : endOf(file);
    return {
      opener: literal.start,
      stop: likelyEnd(file.text, literal, opener),
      diagnostic: errors.unclosedInterpolation(file, opener, place.start, place.end),
    };
  }
  return {
    opener: literal.start,
    stop: likelyEnd(file.text, literal, literal.end),
    diagnostic: errors.unclosedLiteral(file, { ...wordsFor(file.text, literal), opener: literal }),
  };
}

/** The number of the first token behind `${` that can't belong to its expression. */
function endOfExpression(tokens: TokenListBuilder, opener: number): number {
  let depth = 0;
  for (let at = opener + 1; at < tokens.count; at++) {
    switch (tokens.kindAt(at)) {
      case TokenKind.parenOpen:
      case TokenKind.braceOpen:
      case TokenKind.interpolationOpen:
        depth++;
        break;
      case TokenKind.parenClose:
      case TokenKind.braceClose:
      case TokenKind.interpolationClose:
        depth--;
        break;
      case TokenKind.newline:
        if (depth === 0) return at;
        break;
      case TokenKind.stringOpen:
      case TokenKind.rawOpen:
        if (depth === 0 && at > opener + 1) return at;
        break;
    }
  }
  return tokens.count;
}

function wordsFor(text: string, literal: OpenLiteral): { readonly what: string; readonly closer: string } {
  switch (literal.kind) {
    case TokenKind.stringOpen:
      return { what: 'string', closer: '`"`' };
    case TokenKind.rawOpen:
      return { what: 'raw string', closer: 'a backtick' };
    default:
      return { what: 'heredoc', closer: `\`${heredocDelimiter(text.slice(literal.start, literal.end))}\`` };
  }
}

/**
 * Strings mostly end on their line. What has several lines goes on to its delimiter, where an interpolation hid it, or to a
 * line that starts with `}`, as functions end in formatted programs.
 */
function likelyEnd(text: string, literal: OpenLiteral, from: number): number {
  if (literal.kind === TokenKind.stringOpen) return lineEnd(text, from);
  if (literal.kind !== TokenKind.rawOpen && literal.interpolation !== undefined) {
    const end = delimiterLine(text, heredocDelimiter(text.slice(literal.start, literal.end)), from);
    if (end !== undefined) return end;
  }
  return indexOr(text, '\n}', from);
}

/** How much of a line's end is looked at: enough for a clause. */
const TAIL = 200;

/** The end of the line, but for a clause or a block at its end, which was hardly meant as text. */
function lineEnd(text: string, from: number): number {
  const end = indexOr(text, '\n', from);
  const start = Math.max(from, end - TAIL);
  const tail = text.slice(start, end);
  if (tail.includes('${')) return end;
  const clause = /(?:[ \t]+(?:with|as)[ \t]|[ \t]+[\w:]+[ \t]*\{|[ \t]*\})[^"]*$/.exec(tail);
  return clause === null ? end : start + clause.index;
}

/** The end of the first line behind `from` that starts with the delimiter, blanks aside. */
function delimiterLine(text: string, delimiter: string, from: number): number | undefined {
  for (let at = text.indexOf(delimiter, from); at !== -1; at = text.indexOf(delimiter, at + 1)) {
    let before = at - 1;
    while (text[before] === ' ' || text[before] === '\t') before--;
    if (text[before] === '\n' && delimiterAt(text, at, delimiter)) return at + delimiter.length;
  }
  return undefined;
}

function indexOr(text: string, searched: string, from: number): number {
  const at = text.indexOf(searched, from);
  return at === -1 ? text.length : at;
}
