import { TokenKind } from '@hlb/lexer';
import type { Bad, Comment, Ident, Newline, NodeRange, TypeWord } from '../../ast.js';
import type { Parser } from './parser.js';

/** Nodes of one token. Each function takes the current token, whatever it is. */

export function takeNewline(p: Parser): Newline {
  const node: Newline = { kind: 'newline', start: p.start, end: p.end };
  p.advance();
  return node;
}

export function takeComment(p: Parser): Comment {
  const node: Comment = { kind: 'comment', start: p.start, end: p.end, text: p.text };
  p.advance();
  return node;
}

export function takeIdent(p: Parser): Ident {
  const node: Ident = { kind: 'ident', start: p.start, end: p.end, text: p.text };
  p.advance();
  return node;
}

export function takeType(p: Parser): TypeWord {
  const node: TypeWord = { kind: 'type', start: p.start, end: p.end, text: p.text };
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
  const node: Bad = { kind: 'bad', start: p.start, end: p.end, text: p.text };
  p.advance();
  p.silence();
  return node;
}

/** What stands from an offset to the end of the last token taken. */
export function badFrom(p: Parser, start: number): Bad {
  const end = Math.max(start, p.lastEnd);
  return { kind: 'bad', start, end, text: p.file.text.slice(start, end) };
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
  return { kind: 'ident', start: p.lastEnd, end: p.lastEnd, text: '' };
}

export function missingType(p: Parser): TypeWord {
  return { kind: 'type', start: p.start, end: p.start, text: '' };
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
