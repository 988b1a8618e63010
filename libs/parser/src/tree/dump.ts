import type { SourceFile } from '@hlb/diagnostics';
import type { Module, Node, NodeRange } from '../ast.js';
import { entriesOf } from './fields.js';
import { visit } from './walk.js';

/**
 * A tree as text, for people: a line a node, indented below its parent, with its kind, its range (`LINE:COLUMN-LINE:COLUMN`, columns
 * in UTF-16 units) and what it says that its children don't.
 */
export function printAst(module: Module): string {
  const lines: string[] = [];
  visit(module, {
    enter(node, ancestors) {
      const detail = detailOf(node);
      const indent = '  '.repeat(ancestors.length);
      lines.push(`${indent}${node.kind} ${printRange(module.file, node)}${detail === '' ? '' : ` ${detail}`}\n`);
      return true;
    },
  });
  return lines.join('');
}

/** A part of JSON text, or a value of the tree that is to become one. */
type JsonPart = string | { readonly value: unknown; readonly isOffset: boolean };

/**
 * A tree as JSON: each node's fields, with lines and columns (from 1, UTF-16 units) in place of offsets; integers as text. Written
 * here rather than by `JSON.stringify`, which recurses and fails on programs that nest deeply.
 */
export function printAstJson(module: Module): string {
  const { file } = module;
  const written: string[] = [];
  // What is to be written, the next at the end.
  const open: JsonPart[] = [{ value: module, isOffset: false }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part === 'string') written.push(part);
    else if (typeof part.value === 'number' && part.isOffset) written.push(JSON.stringify(file.position(part.value)));
    else if (Array.isArray(part.value)) pushReversed(open, arrayParts(part.value));
    else if (typeof part.value !== 'object' || part.value === null) written.push(scalar(part.value));
    else pushReversed(open, objectParts(file, part.value));
  }
  return written.join('');
}

/** Not with a spread, which has no room for a long file's declarations. */
function pushReversed<T>(open: T[], parts: T[]): void {
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) open.push(part);
}

function arrayParts(values: readonly unknown[]): JsonPart[] {
  const parts: JsonPart[] = ['['];
  for (const [index, value] of values.entries()) {
    if (index > 0) parts.push(',');
    parts.push({ value, isOffset: false });
  }
  parts.push(']');
  return parts;
}

function objectParts(file: SourceFile, object: object): JsonPart[] {
  const parts: JsonPart[] = ['{'];
  for (const [key, value] of isNode(object) ? entriesOf(object) : Object.entries(object)) {
    if (value === undefined) continue;
    parts.push(`${parts.length === 1 ? '' : ','}${JSON.stringify(key)}:`);
    parts.push({ value: key === 'file' ? file.name : value, isOffset: key === 'start' || key === 'end' });
  }
  parts.push('}');
  return parts;
}

/** The other objects of a tree are ranges of words. */
function isNode(object: object): object is Node {
  return 'kind' in object;
}

function scalar(value: unknown): string {
  return JSON.stringify(typeof value === 'bigint' ? value.toString() : (value ?? null));
}

function printRange(file: SourceFile, range: NodeRange): string {
  const start = file.position(range.start);
  const end = file.position(range.end);
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}

function detailOf(node: Node): string {
  switch (node.kind) {
    case 'ident':
    case 'type':
      return node.text;
    case 'comment':
    case 'bad':
    case 'text':
    case 'escape':
    case 'raw-string':
      return JSON.stringify(node.text);
    case 'int':
      return `${node.value} base ${node.base}`;
    case 'bool':
      return String(node.value);
    case 'heredoc':
      return `${node.form} ${node.delimiter}`;
    case 'raw-heredoc':
      return `${node.form} ${node.delimiter} ${JSON.stringify(node.text)}`;
    case 'import':
      return node.from === undefined ? 'deprecated form' : '';
    case 'field':
      return node.variadic === undefined ? '' : 'variadic';
    default:
      return '';
  }
}
