import type { SourceFile } from '@hlb/diagnostics';
import type { Module, Node, NodeRange } from '../ast.js';
import { forEachChild } from './walk.js';

/**
 * A tree as text, for people: a line a node, indented below its parent, with its kind, its range (`LINE:COLUMN-LINE:COLUMN`, columns
 * in UTF-16 units) and what it says that its children don't.
 */
export function printAst(module: Module): string {
  const lines: string[] = [];
  const write = (node: Node, depth: number): void => {
    const detail = detailOf(node);
    lines.push(
      `${'  '.repeat(depth)}${node.kind} ${printRange(module.file, node)}${detail === '' ? '' : ` ${detail}`}\n`,
    );
    forEachChild(node, (child) => write(child, depth + 1));
  };
  write(module, 0);
  return lines.join('');
}

/** A value that `JSON.stringify` writes as it is. */
export type AstJson = string | number | boolean | null | readonly AstJson[] | { readonly [key: string]: AstJson };

/** A tree as JSON: each node's fields, with lines and columns (from 1, UTF-16 units) in place of offsets; integers as text. */
export function astToJson(module: Module): AstJson {
  return toJson(module.file, module);
}

function toJson(file: SourceFile, value: unknown): AstJson {
  if (Array.isArray(value)) return value.map((element) => toJson(file, element));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  const json: Record<string, AstJson> = {};
  for (const [key, field] of Object.entries(value)) {
    if (key === 'file') json[key] = file.name;
    else if (typeof field === 'number') json[key] = key === 'base' ? field : { ...file.position(field) };
    else if (field !== undefined) json[key] = toJson(file, field);
  }
  return json;
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
