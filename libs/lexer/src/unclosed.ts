import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { delimiterAt, heredocDelimiter } from './heredoc-delimiter.js';
import * as errors from './lexical-errors.js';
import { TokenKind } from './token-kind.js';
import type { TokenListBuilder } from './token-list.js';

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

/** What to report for a literal that isn't closed, and the offset where it was most likely meant to end. */
export function judgeUnclosed(
  file: SourceFile,
  tokens: TokenListBuilder,
  literal: OpenLiteral,
): { readonly diagnostic: Diagnostic; readonly stop: number } {
  if (literal.interpolation !== undefined) {
    const opener = tokens.startAt(literal.interpolation);
    const at = endOfExpression(tokens, literal.interpolation);
    const place = at < tokens.count ? at : undefined;
    const start = place === undefined ? file.text.length : tokens.startAt(place);
    const end = place === undefined ? file.text.length : tokens.endAt(place);
    return {
      diagnostic: errors.unclosedInterpolation(file, opener, start, end),
      stop: likelyEnd(file.text, literal, opener),
    };
  }
  const diagnostic = errors.unclosedLiteral(file, { ...wordsFor(file.text, literal), opener: literal });
  return { diagnostic, stop: likelyEnd(file.text, literal, literal.end) };
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
  if (literal.kind === TokenKind.stringOpen) return indexOr(text, '\n', from);
  if (literal.kind !== TokenKind.rawOpen && literal.interpolation !== undefined) {
    const end = delimiterLine(text, heredocDelimiter(text.slice(literal.start, literal.end)), from);
    if (end !== undefined) return end;
  }
  return indexOr(text, '\n}', from);
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
