import { TokenKind } from '@hlb/lexer';
import type { Bad, Block, NodeRange } from '../ast.js';
import { MAX_DEPTH, type Parser } from './state/parser.js';
import { skipBraces, skipStatement } from './state/skip.js';
import { badFrom, startsExpr, takeBad, takeComment, takeNewline } from './state/tokens.js';
import { parseBind, parseCallStmt, parseExprStmt, parseWith } from './statement.js';
import * as errors from './syntax-errors.js';

/** At `{`: statements to its `}`. */
export function parseBlock(p: Parser): Block {
  const opener: NodeRange = { start: p.start, end: p.end };
  if (p.depth >= MAX_DEPTH) {
    if (!p.tooDeep) p.report(() => errors.nestedTooDeep(p, p.start));
    p.tooDeep = true;
    skipBraces(p);
    const end = p.lastEnd - 1;
    const inside: Bad = { kind: 'bad', start: opener.end, end, text: p.file.text.slice(opener.end, end) };
    return { kind: 'block', start: opener.start, end: p.lastEnd, items: [inside] };
  }
  p.depth++;
  p.advance();
  const items = p.statements.mark;
  while (blockGoesOn(p, opener));
  p.depth--;
  return { kind: 'block', start: opener.start, end: p.lastEnd, items: p.statements.take(items) };
}

/** Takes the next item. False: the block has ended. */
function blockGoesOn(p: Parser, opener: NodeRange): boolean {
  if (p.at === p.declarationAt) return false;
  // What follows a mistake on its line is mostly about the same.
  if (p.kindAhead(-1) === TokenKind.newline) p.settle();
  const kind = p.kind;
  switch (kind) {
    case TokenKind.ident:
      return takeCall(p, opener);
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
      if (!p.unclosedLiteral) p.report(() => errors.unclosedBlock(p, opener, undefined));
      return false;
    case TokenKind.import:
    case TokenKind.export:
      p.report(() => errors.unclosedBlock(p, opener, { start: p.start, end: p.end }));
      p.declarationAt = p.at;
      return false;
    default:
      if (startsExpr(kind)) p.statements.push(parseExprStmt(p));
      else p.statements.push(recover(p));
      return p.at !== p.declarationAt;
  }
}

function takeCall(p: Parser, opener: NodeRange): boolean {
  const stmt = parseCallStmt(p);
  if (stmt !== undefined) {
    p.statements.push(stmt);
    return true;
  }
  // It was a function's signature, and p stands at its `{`.
  p.report(() => errors.unclosedBlock(p, opener, { start: p.startOf(p.declarationAt), end: p.lastEnd }));
  p.at = p.declarationAt;
  return false;
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
