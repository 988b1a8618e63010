import { TokenKind } from '@hlb/lexer';
import type { ArgList, CallExpr, Expr, FuncLit, IdentExpr } from '../ast.js';
import { CalleeNode, CallNode, NameNode } from '../nodes/calls.js';
import { FuncLitNode } from '../nodes/literals.js';
import { BadNode } from '../nodes/words.js';
import { type ListRule, parseList } from './list.js';
import { parseBool, parseHeredoc, parseNumber, parseRawHeredoc, parseRawString, parseString } from './literal.js';
import type { Parser } from './state/parser.js';
import { startsExpr, takeBad, takeIdent, takeType } from './state/tokens.js';
import * as errors from './syntax-errors.js';

const argRule: ListRule<Expr> = { startsItem: startsExpr, item: parseExpr, what: 'an argument', holdsBlocks: true };

/** At a token that starts an expression. */
export function parseExpr(p: Parser): Expr {
  switch (p.kind) {
    case TokenKind.ident:
      return p.kindAhead(1) === TokenKind.braceOpen ? parseFuncLit(p) : parseCallExpr(p);
    case TokenKind.stringOpen:
      return parseString(p);
    case TokenKind.decimal:
    case TokenKind.numeric:
      return parseNumber(p);
    case TokenKind.bool:
      return parseBool(p);
    case TokenKind.rawOpen:
      return parseRawString(p);
    case TokenKind.heredocOpen:
      return parseHeredoc(p);
    case TokenKind.rawHeredocOpen:
      return parseRawHeredoc(p);
    default:
      return takeBad(p);
  }
}

/** An expression that must stand here. */
export function expectExpr(p: Parser, what: string): Expr {
  return startsExpr(p.kind) ? parseExpr(p) : missingExpr(p, what);
}

/** Where an expression must stand and none does: an empty `bad` node. */
export function missingExpr(p: Parser, what: string): Expr {
  if (p.is(TokenKind.bad)) return takeBad(p);
  p.report(() => errors.unexpected(p, what));
  return new BadNode(p.lastEnd, '');
}

/** `fs { … }`, at the kind. */
export function parseFuncLit(p: Parser): FuncLit {
  const type = takeType(p);
  const body = p.rules.block(p);
  return new FuncLitNode(type, body);
}

/** `name` or `module.name`, at the name. */
export function parseIdentExpr(p: Parser): IdentExpr {
  const { start, end, text: name } = p;
  const number = p.calls++;
  p.advance();
  if (!p.is(TokenKind.dot)) return new CalleeNode(number, start, end, name, undefined);
  p.advance();
  const member = p.is(TokenKind.ident) ? takeIdent(p) : undefined;
  if (member === undefined && !p.is(TokenKind.bad))
    p.report(() => errors.nameExpected(p, 'the name of something imported'));
  while (p.is(TokenKind.dot)) {
    p.report(() => errors.memberOfMember(p));
    p.advance();
    if (p.is(TokenKind.ident)) p.advance();
  }
  return new CalleeNode(number, start, p.lastEnd, name, member);
}

/** `(a, b)`, at `(`. */
export function parseArgs(p: Parser): ArgList {
  const list = parseList(p, argRule);
  return { kind: 'args', start: list.start, end: list.end, items: list.items };
}

function parseCallExpr(p: Parser): CallExpr {
  const next = p.kindAhead(1);
  if (next !== TokenKind.dot && next !== TokenKind.parenOpen) return takeName(p);
  const callee = parseIdentExpr(p);
  return new CallNode(callee, p.is(TokenKind.parenOpen) ? parseArgs(p) : undefined);
}

function takeName(p: Parser): CallExpr {
  const node = new NameNode(p.calls++, p.start, p.text);
  p.advance();
  return node;
}
