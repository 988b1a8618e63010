import { TokenKind } from '@hlb/lexer';
import type { BindItem, BindList, Field, FieldList, Ident, TypeWord } from '../ast.js';
import { TypeNode } from '../nodes/words.js';
import { type ListRule, parseList } from './list.js';
import type { Parser } from './state/parser.js';
import { isKeyword, missingIdent, skipBad, takeIdent, takeRange, takeType } from './state/tokens.js';
import * as errors from './syntax-errors.js';

const fieldRule: ListRule<Field> = { startsItem: isIdent, item: parseField, what: 'a parameter', holdsBlocks: false };
const bindRule: ListRule<BindItem> = {
  startsItem: isIdent,
  item: parseBindItem,
  what: 'an effect and a name',
  holdsBlocks: false,
};

/** `(string name, variadic fs parts)`, at `(`. */
export function parseFields(p: Parser): FieldList {
  const { start, end, items } = parseList(p, fieldRule);
  return { kind: 'fields', start, end, items };
}

/** `(target out, digest id)`, at `(`. */
export function parseBindList(p: Parser): BindList {
  const { start, end, items } = parseList(p, bindRule);
  return { kind: 'bind-list', start, end, items };
}

/** A name that must stand here; where a reserved word stands instead, it is taken for the name. */
export function expectName(p: Parser, what: string): Ident {
  skipBad(p);
  if (p.is(TokenKind.ident)) return takeIdent(p);
  p.report(() => errors.nameExpected(p, what));
  return isKeyword(p.kind) || p.is(TokenKind.bool) ? takeIdent(p) : missingIdent(p);
}

function parseField(p: Parser): Field {
  const start = p.start;
  const variadic = p.text === 'variadic' ? takeRange(p) : undefined;
  const type = variadic === undefined || p.is(TokenKind.ident) ? takeType(p) : missingKind(p);
  const name = expectName(p, "a parameter's name");
  return { kind: 'field', start, end: p.lastEnd, variadic, type, name };
}

function missingKind(p: Parser): TypeWord {
  p.report(() => errors.unexpected(p, "a parameter's kind"));
  return new TypeNode(p.lastEnd, '');
}

function parseBindItem(p: Parser): BindItem {
  const start = p.start;
  const effect = takeIdent(p);
  const name = expectName(p, "the effect's new name");
  return { kind: 'bind-item', start, end: p.lastEnd, effect, name };
}

function isIdent(kind: number): boolean {
  return kind === TokenKind.ident;
}
