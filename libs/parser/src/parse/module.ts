import { TokenKind } from '@hlb/lexer';
import type {
  Bad,
  Block,
  Decl,
  ExportDecl,
  Expr,
  FieldList,
  FuncDecl,
  Ident,
  ImportDecl,
  Module,
  TypeWord,
} from '../ast.js';
import { BadNode } from '../nodes/words.js';
import { expectExpr } from './expression.js';
import { expectName, parseFields } from './fields.js';
import { parseString } from './literal.js';
import type { Parser } from './state/parser.js';
import { skipToDeclaration, startsDeclaration, startsLine } from './state/skip.js';
import {
  badFrom,
  isKeyword,
  missingType,
  skipBad,
  takeBad,
  takeComment,
  takeNewline,
  takeRange,
  takeType,
} from './state/tokens.js';
import * as errors from './syntax-errors.js';

/** A whole file. */
export function parseModule(p: Parser): Module {
  const decls: Decl[] = [];
  while (!p.is(TokenKind.eof)) {
    // Behind what was no declaration, only something that starts like one is worth reading closely.
    if (!p.lost || startsDeclaration(p, 0)) p.settle();
    else p.silence();
    if (!isTrivia(p)) p.lost = false;
    decls.push(parseDecl(p));
    if (p.quiet && !isTrivia(p)) p.lost = true;
  }
  return { kind: 'module', start: 0, end: p.file.text.length, file: p.file, decls };
}

function parseDecl(p: Parser): Decl {
  switch (p.kind) {
    case TokenKind.newline:
      return takeNewline(p);
    case TokenKind.comment:
      return takeComment(p);
    case TokenKind.import:
      return parseImport(p);
    case TokenKind.export:
      return parseExport(p);
    case TokenKind.ident:
      return parseFunc(p);
    case TokenKind.bad:
      return skipRest(p, p.start, () => takeBad(p));
    case TokenKind.braceClose:
    case TokenKind.parenClose:
      p.report(() => errors.closerWithoutOpener(p));
      return skipRest(p, p.start, () => p.advance());
    default:
      p.report(() => errors.notADeclaration(p));
      return skipRest(p, p.start, () => p.advance());
  }
}

/** What leads to no declaration, to where the next may start. */
function skipRest(p: Parser, start: number, first: () => void): Bad {
  first();
  skipToDeclaration(p);
  p.lost = true;
  return badFrom(p, start);
}

function parseImport(p: Parser): ImportDecl {
  const start = p.start;
  p.advance();
  const name = expectName(p, "an import's name");
  skipBad(p);
  const from = p.is(TokenKind.ident) && p.text === 'from' ? takeRange(p) : undefined;
  const expr = from === undefined ? parseImportPath(p) : expectExpr(p, 'where to import from');
  return { kind: 'import', start, end: p.lastEnd, name, from, expr };
}

function parseImportPath(p: Parser): Expr {
  if (p.is(TokenKind.stringOpen)) return parseString(p);
  p.report(() => errors.importWithoutSource(p));
  return new BadNode(p.lastEnd, '');
}

function parseExport(p: Parser): ExportDecl {
  const start = p.start;
  p.advance();
  const name = expectName(p, 'the name to export');
  return { kind: 'export', start, end: p.lastEnd, name };
}

function parseFunc(p: Parser): FuncDecl | Bad {
  const start = p.start;
  const head = parseHead(p);
  if (head === undefined) return skipRest(p, start, () => undefined);
  skipBad(p);
  if (!p.is(TokenKind.parenOpen)) {
    p.report(() => errors.unexpected(p, `\`(\` behind the function's name`));
    if (!p.is(TokenKind.braceOpen)) return skipRest(p, start, () => undefined);
    // What is indented is rather a statement.
    if (!startsLine(p, start)) p.lost = true;
  }
  const params: FieldList = p.is(TokenKind.parenOpen)
    ? parseFields(p)
    : { kind: 'fields', start: p.lastEnd, end: p.lastEnd, items: [] };
  const binds = p.is(TokenKind.ident) && p.kindAhead(1) === TokenKind.parenOpen && p.text === 'binds';
  if (binds) p.advance();
  const effects = binds ? parseFields(p) : undefined;
  skipBad(p);
  const body = parseBody(p, start);
  return { kind: 'func', start, end: p.lastEnd, type: head.type, name: head.name, params, effects, body };
}

/** The kind and the name. Undefined: it is no function, which was reported. */
function parseHead(p: Parser): { type: TypeWord; name: Ident } | undefined {
  if (p.kindAhead(1) === TokenKind.parenOpen) {
    const type = missingType(p);
    const name = expectName(p, "a function's name");
    p.report(() => errors.functionWithoutKind(p, name.text));
    return { type, name };
  }
  const type = takeType(p);
  skipBad(p);
  if (p.is(TokenKind.ident)) return { type, name: expectName(p, "a function's name") };
  if ((isKeyword(p.kind) || p.is(TokenKind.bool)) && p.kindAhead(1) === TokenKind.parenOpen) {
    return { type, name: expectName(p, "a function's name") };
  }
  p.report(() => errors.nameExpected(p, `a function's name behind \`${type.text}\``));
  return undefined;
}

/** The `{` stands on the signature's line; where only newlines are between them, it is reported and taken. */
function parseBody(p: Parser, start: number): Block | undefined {
  if (p.is(TokenKind.braceOpen)) return p.rules.block(p);
  if (!p.is(TokenKind.newline)) return undefined;
  let ahead = 1;
  while (p.kindAhead(ahead) === TokenKind.newline) ahead++;
  if (p.kindAhead(ahead) !== TokenKind.braceOpen) return undefined;
  const signature = { start, end: p.lastEnd };
  p.at += ahead;
  p.report(() => errors.braceOnNextLine(p, signature));
  return p.rules.block(p);
}

function isTrivia(p: Parser): boolean {
  return p.is(TokenKind.newline) || p.is(TokenKind.comment);
}
