import { TokenKind } from '@hlb/lexer';
import type { Bad, NodeRange, Trivia } from '../ast.js';
import { MAX_DEPTH, type Parser } from './state/parser.js';
import { skipParens } from './state/skip.js';
import { badFrom, startsExpr, takeBad, takeComment, takeNewline } from './state/tokens.js';
import * as errors from './syntax-errors.js';
import { reportDepth } from './too-deep.js';

/** What stands between parentheses. */
export interface ListParts<T> extends NodeRange {
  readonly items: (T | Trivia | Bad)[];
}

/** How the items of one kind of list are read. */
export interface ListRule<T> {
  readonly startsItem: (kind: number) => boolean;
  readonly item: (p: Parser) => T;
  /** `an argument`. */
  readonly what: string;
  /** Whether `{` is a block whose kind is missing, rather than what follows a list that is not closed. */
  readonly holdsBlocks: boolean;
}

/** At `(`: items with or without a comma behind each, newlines and comments between them, `)`. */
export function parseList<T>(p: Parser, rule: ListRule<T>): ListParts<T> {
  if (p.depth >= MAX_DEPTH) return skipList(p);
  const opener = p.at;
  const items: (T | Trivia | Bad)[] = [];
  p.depth++;
  p.advance();
  while (p.at !== p.declarationAt) {
    if (rule.startsItem(p.kind)) {
      items.push(rule.item(p));
      if (p.is(TokenKind.comma)) p.advance();
    } else if (!takeOther(p, opener, rule, items)) break;
  }
  p.depth--;
  // A copy has no room for more items, which would be most of the tree's memory.
  return { start: p.startOf(opener), end: p.lastEnd, items: items.slice() };
}

/** A list that is nested too deep: passed over. */
function skipList<T>(p: Parser): ListParts<T> {
  const { start, end: inner } = p;
  reportDepth(p);
  skipParens(p);
  return { start, end: p.lastEnd, items: [badFrom(p, inner)] };
}

/** Takes what stands in an item's place. False: the list has ended. */
function takeOther<T>(p: Parser, opener: number, rule: ListRule<T>, items: (T | Trivia | Bad)[]): boolean {
  switch (p.kind) {
    case TokenKind.newline:
      p.settle();
      items.push(takeNewline(p));
      return true;
    case TokenKind.comment:
      items.push(takeComment(p));
      return true;
    case TokenKind.parenClose:
      p.advance();
      return false;
    case TokenKind.comma:
      p.report(() => errors.misplacedComma(p, 'it must follow an item of the list, on the same line'));
      p.advance();
      return true;
    case TokenKind.bad:
      items.push(takeBad(p));
      return true;
    default:
      return recover(p, opener, rule, items);
  }
}

/** At a token that cannot stand in the list. True: the list goes on behind it. */
function recover<T>(p: Parser, opener: number, rule: ListRule<T>, items: (T | Trivia | Bad)[]): boolean {
  const start = p.start;
  if (startsExpr(p.kind)) {
    p.report(() => errors.unexpected(p, rule.what));
    p.rules.expr(p);
  } else if (rule.holdsBlocks && p.is(TokenKind.braceOpen)) {
    p.report(() => errors.blockWithoutKind(p));
    p.rules.block(p);
  } else {
    p.report(() => errors.unclosedParen(p, p.rangeOf(opener)));
    return false;
  }
  items.push(badFrom(p, start));
  if (p.is(TokenKind.comma)) p.advance();
  return true;
}
