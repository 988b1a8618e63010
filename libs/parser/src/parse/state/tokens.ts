import { TokenKind } from '@hlb/lexer';
import type { Bad, Comment, Ident, Newline, NodeRange, TypeWord } from '../../ast.js';
import { BadNode, CommentNode, IdentNode, NewlineNode, TypeNode } from '../../nodes/words.js';
import type { Parser } from './parser.js';

/** Nodes of one token. Each function takes the current token, whatever it is. */

export function takeNewline(p: Parser): Newline {
  const node = new NewlineNode(p.start);
  p.advance();
  return node;
}

export function takeComment(p: Parser): Comment {
  const node = new CommentNode(p.start, p.text);
  p.advance();
  return node;
}

export function takeIdent(p: Parser): Ident {
  const node = new IdentNode(p.start, p.text);
  p.advance();
  return node;
}

export function takeType(p: Parser): TypeWord {
  const node = new TypeNode(p.start, p.text);
  p.advance();
  return node;
}

export function takeRange(p: Parser): NodeRange {
  const node: NodeRange = { start: p.start, end: p.end };
  p.advance();
  return node;
}

/** A token that the lexer has complained about. What follows from it is no mistake of its own. */
export function takeBad(p: Parser): Bad {
  const node = new BadNode(p.start, p.text);
  p.advance();
  p.silence();
  return node;
}

/** What stands from an offset to the end of the last token taken. */
export function badFrom(p: Parser, start: number): Bad {
  return new BadNode(start, p.file.text.slice(start, p.lastEnd));
}

/** Passes over tokens that the lexer has complained about, where the tree has no place for them. */
export function skipBad(p: Parser): void {
  while (p.is(TokenKind.bad)) {
    p.advance();
    p.silence();
  }
}

/** The name that is missing before the current token. */
export function missingIdent(p: Parser): Ident {
  return new IdentNode(p.lastEnd, '');
}

export function missingType(p: Parser): TypeWord {
  return new TypeNode(p.start, '');
}

export function isKeyword(kind: number): boolean {
  return kind >= TokenKind.import && kind <= TokenKind.as;
}

/** Whether a token of that kind starts an expression. */
export function startsExpr(kind: number): boolean {
  switch (kind) {
    case TokenKind.ident:
    case TokenKind.stringOpen:
    case TokenKind.decimal:
    case TokenKind.numeric:
    case TokenKind.bool:
    case TokenKind.rawOpen:
    case TokenKind.heredocOpen:
    case TokenKind.rawHeredocOpen:
      return true;
    default:
      return false;
  }
}
