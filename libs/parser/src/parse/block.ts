import { TokenKind } from '@hlb/lexer';
import type { Bad, Block, NodeRange } from '../ast.js';
import { BlockNode } from '../nodes/literals.js';
import { BadNode } from '../nodes/words.js';
import { likelyOpener } from './likely-opener.js';
import { MAX_DEPTH, type Parser } from './state/parser.js';
import { skipBraces, skipStatement } from './state/skip.js';
import { badFrom, startsExpr, takeBad, takeComment, takeNewline } from './state/tokens.js';
import { parseBind, parseCallStmt, parseExprStmt, parseWith } from './statement.js';
import * as errors from './syntax-errors.js';
import { reportDepth } from './too-deep.js';

/**
 * At `{`: statements to its `}`. Here and in all that a block may hold, what each level of nesting does stands in as few functions as
 * it takes, and what happens rarely in others: the stack must hold `MAX_DEPTH` times what is between two blocks.
 */
export function parseBlock(p: Parser): Block {
  if (p.depth >= MAX_DEPTH) return skipBlock(p);
  const start = p.start;
  const opener = p.at;
  p.depth++;
  p.advance();
  const items = p.statements.mark;
  while (p.at !== p.declarationAt) {
    // What follows a mistake on its line is mostly about the same.
    if (p.kindAhead(-1) === TokenKind.newline) p.settle();
    if (p.is(TokenKind.ident)) {
      const stmt = parseCallStmt(p);
      if (stmt !== undefined) p.statements.push(stmt);
      else endAtSignature(p, opener);
    } else if (startsExpr(p.kind)) {
      p.statements.push(parseExprStmt(p));
    } else if (!takeOther(p, opener)) break;
  }
  p.depth--;
  return new BlockNode(start, p.lastEnd, p.statements.take(items));
}

/** A block that is nested too deep: passed over. */
function skipBlock(p: Parser): Block {
  const { start, end: inner } = p;
  reportDepth(p);
  skipBraces(p);
  const end = p.lastEnd - 1;
  return new BlockNode(start, p.lastEnd, [new BadNode(inner, p.file.text.slice(inner, end))]);
}

/** Takes an item that is no statement, or what stands in its place. False: the block has ended. */
function takeOther(p: Parser, opener: number): boolean {
  switch (p.kind) {
    case TokenKind.newline:
      p.statements.push(takeNewline(p));
      return true;
    case TokenKind.braceClose:
      p.advance();
      return false;
    case TokenKind.comment:
      p.statements.push(takeComment(p));
      return true;
    case TokenKind.bad:
      p.statements.push(takeBad(p));
      skipStatement(p);
      return true;
    case TokenKind.eof:
      if (!p.unclosedLiteral) p.report(() => errors.unclosedBlock(p, p.rangeOf(likelyOpener(p, opener)), undefined));
      return false;
    case TokenKind.import:
    case TokenKind.export:
      p.report(() => errors.unclosedBlock(p, p.rangeOf(likelyOpener(p, opener)), { start: p.start, end: p.end }));
      p.declarationAt = p.at;
      return false;
    default:
      p.statements.push(recover(p));
      return true;
  }
}

/** Behind what was a function's signature, at its `{`: the block around it is not closed. */
function endAtSignature(p: Parser, opener: number): void {
  const signature: NodeRange = { start: p.startOf(p.declarationAt), end: p.lastEnd };
  p.report(() => errors.unclosedBlock(p, p.rangeOf(likelyOpener(p, opener)), signature));
  p.at = p.declarationAt;
}

/** At a token that starts no statement. */
function recover(p: Parser): Bad {
  const start = p.start;
  switch (p.kind) {
    case TokenKind.with:
      p.report(() => errors.clauseOnNextLine(p));
      parseWith(p);
      break;
    case TokenKind.as:
      p.report(() => errors.clauseOnNextLine(p));
      parseBind(p);
      break;
    case TokenKind.semicolon:
      p.report(() => errors.loneSemicolon(p));
      while (p.is(TokenKind.semicolon)) p.advance();
      break;
    case TokenKind.braceOpen:
      p.report(() => errors.blockWithoutKind(p));
      p.rules.block(p);
      break;
    case TokenKind.parenClose:
      p.report(() => errors.closerWithoutOpener(p));
      p.advance();
      break;
    default:
      p.report(() => errors.unexpected(p, 'a statement'));
      skipStatement(p);
  }
  if (p.start === start) p.advance();
  return badFrom(p, start);
}
