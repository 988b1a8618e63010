import { span } from '@hlb/diagnostics';
import { TokenKind } from '@hlb/lexer';
import type { ArgList, BindClause, ExprStmt, NodeRange, Stmt, WithClause } from '../ast.js';
import { PlainStmtNode, StmtNode, WithNode } from '../nodes/calls.js';
import { missingExpr, parseArgs, parseExpr, parseFuncLit, parseIdentExpr } from './expression.js';
import { parseBindList } from './fields.js';
import type { Parser } from './state/parser.js';
import { skipStatement } from './state/skip.js';
import { badFrom, startsExpr, takeBad, takeIdent, takeRange } from './state/tokens.js';
import * as errors from './syntax-errors.js';

/** What is known of a call while it is being read. */
interface Draft {
  /** Number of its first token. */
  readonly at: number;
  /** Where its arguments start in the stack of arguments. */
  readonly args: number;
  with: WithClause | undefined;
  bind: BindClause | undefined;
}

/** What a block's kind can be; a `{` behind any other name lacks its kind. */
const kinds = /^(?:fs|string|int|bool|pipeline|group|option(?:::.*)?)$/;

/** A name and what follows it on its line. Undefined: it was a declaration, and the block around it is not closed. */
export function parseCallStmt(p: Parser): Stmt | undefined {
  if (p.kindAhead(1) === TokenKind.braceOpen && kinds.test(p.text)) return parseBlockStmt(p);
  const draft: Draft = { at: p.at, args: p.args.mark, with: undefined, bind: undefined };
  const callee = parseIdentExpr(p);
  if (p.is(TokenKind.parenOpen)) parseParenthesized(p);
  while (p.at !== p.declarationAt) {
    if (draft.with === undefined && draft.bind === undefined && startsExpr(p.kind)) p.args.push(parseExpr(p));
    else if (p.is(TokenKind.with)) draft.with = parseWith(p, draft);
    else if (!takeOther(p, draft)) break;
  }
  const args = p.args.take(draft.args);
  if (p.declarationAt === draft.at) return undefined;
  const end = p.lastEnd;
  const semicolon = takeSemicolon(p);
  const isPlain =
    draft.bind === undefined && semicolon === undefined && callee.end - callee.start === callee.name.length;
  if (isPlain) return new PlainStmtNode(callee, end, args, draft.with);
  return new StmtNode(callee, end, args, draft.with, draft.bind, semicolon);
}

/** A literal that is the value of a block. */
export function parseExprStmt(p: Parser): ExprStmt {
  const start = p.start;
  const expr = parseExpr(p);
  const end = p.lastEnd;
  return { kind: 'expr-stmt', start, end, expr, semicolon: takeSemicolon(p) };
}

/** `with expr`, at the keyword. */
export function parseWith(p: Parser, draft?: Draft): WithClause {
  if (draft?.with !== undefined || draft?.bind !== undefined) p.report(() => errors.unexpected(p, endOf(draft)));
  const { start } = p;
  p.advance();
  return new WithNode(start, startsExpr(p.kind) ? parseExpr(p) : missingExpr(p, 'an option behind `with`'));
}

/** `as name`, `as (effect name)`, `as`, at the keyword. */
export function parseBind(p: Parser): BindClause {
  const keyword = takeRange(p);
  const target = p.is(TokenKind.ident) ? takeIdent(p) : p.is(TokenKind.parenOpen) ? parseBindList(p) : undefined;
  return { kind: 'bind', start: keyword.start, end: p.lastEnd, keyword, target };
}

function takeSemicolon(p: Parser): NodeRange | undefined {
  return p.is(TokenKind.semicolon) ? takeRange(p) : undefined;
}

/** A block of a kind cannot be a statement; it is read as if it could. */
function parseBlockStmt(p: Parser): ExprStmt {
  const start = p.start;
  const type = p.text;
  p.advance();
  p.report(() => errors.blockAsStatement(p, type));
  p.at--;
  const expr = parseFuncLit(p);
  return { kind: 'expr-stmt', start, end: expr.end, expr, semicolon: takeSemicolon(p) };
}

/** `foo("x")` as a statement: reported, and read as `foo "x"`. */
function parseParenthesized(p: Parser): void {
  const opener: NodeRange = { start: p.start, end: p.end };
  const known = p.diagnostics.length;
  const list = parseArgs(p);
  if (p.at === p.declarationAt) return;
  // What is wrong inside of the parentheses comes first, and says enough.
  if (p.diagnostics.length === known)
    p.report(() => errors.parenthesesInStatement(p, withoutParentheses(p, list), opener));
  for (const item of list.items) if (item.kind !== 'newline' && item.kind !== 'comment') p.args.push(item);
}

function withoutParentheses(p: Parser, list: ArgList): ReturnType<typeof fixOf> | undefined {
  const plain = list.items.every((item) => item.kind !== 'newline' && item.kind !== 'comment' && item.kind !== 'bad');
  if (!plain || p.file.text[list.end - 1] !== ')') return undefined;
  const args = list.items.map((item) => p.file.text.slice(item.start, item.end));
  return fixOf(p, list, args.length === 0 ? '' : ` ${args.join(' ')}`);
}

function fixOf(
  p: Parser,
  list: ArgList,
  text: string,
): { title: string; edits: { span: ReturnType<typeof span>; text: string }[] } {
  return { title: 'remove the parentheses', edits: [{ span: span(p.file, list.start, list.end), text }] };
}

/** Takes a part of a call that is neither argument nor options. False: its statement has ended. */
function takeOther(p: Parser, draft: Draft): boolean {
  const kind = p.kind;
  switch (kind) {
    case TokenKind.newline:
    case TokenKind.comment:
    case TokenKind.semicolon:
    case TokenKind.braceClose:
    case TokenKind.eof:
      return false;
    case TokenKind.as:
      if (draft.bind !== undefined) p.report(() => errors.unexpected(p, endOf(draft)));
      draft.bind = parseBind(p);
      return true;
    case TokenKind.bad:
      p.args.push(takeBad(p));
      return true;
    default:
      return startsExpr(kind) ? false : recover(p, draft);
  }
}

function endOf(draft: Draft): string {
  return draft.bind === undefined ? '`as` or the end of the statement' : 'the end of the statement';
}

/** At a token that cannot go on a call. True: the call goes on behind it. */
function recover(p: Parser, draft: Draft): boolean {
  if (p.is(TokenKind.braceOpen) && p.kindAhead(-1) === TokenKind.parenClose && isSignature(p, draft)) {
    p.declarationAt = draft.at;
    return false;
  }
  if (p.is(TokenKind.comma)) {
    p.report(() => errors.misplacedComma(p, 'the arguments of a statement are separated by blanks'));
    p.advance();
    return true;
  }
  if (p.is(TokenKind.parenClose)) {
    p.report(() => errors.closerWithoutOpener(p));
    p.advance();
    return true;
  }
  const start = p.start;
  if (p.is(TokenKind.braceOpen)) {
    p.report(() => errors.blockWithoutKind(p));
    p.rules.block(p);
    p.args.push(badFrom(p, start));
    return true;
  }
  p.report(() => errors.unexpected(p, 'an argument or the end of the statement'));
  if (p.is(TokenKind.parenOpen)) parseArgs(p);
  skipStatement(p);
  if (p.start > start) p.args.push(badFrom(p, start));
  return false;
}

/** Whether what was read is `fs name(…)`, perhaps with `binds (…)`: with a `{` behind it, it is a declaration. */
function isSignature(p: Parser, draft: Draft): boolean {
  const [first, second, third] = p.args.since(draft.args);
  if (draft.with !== undefined || draft.bind !== undefined || third !== undefined) return false;
  if (first?.kind !== 'call' || first.args === undefined || first.callee.member !== undefined) return false;
  return second === undefined || (second.kind === 'call' && second.callee.ident.text === 'binds');
}
