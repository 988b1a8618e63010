import type { Diagnostic, SourceFile } from '@hlb/diagnostics';
import { lex, MAX_DIAGNOSTICS } from '@hlb/lexer';
import type { Module } from '../ast.js';
import { parseBlock } from './block.js';
import { parseExpr } from './expression.js';
import { parseModule } from './module.js';
import { Parser } from './state/parser.js';

export interface ParseResult {
  readonly module: Module;
  /** Of lexer and parser, in order of place; at most `MAX_DIAGNOSTICS`. The tree is whole only where there are none. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file into its tree. Never throws: what is wrong is reported, and what follows it is still read. */
export function parse(file: SourceFile): ParseResult {
  const { tokens, diagnostics } = lex(file);
  const parser = new Parser(file, tokens, { expr: parseExpr, block: parseBlock });
  const module = parseModule(parser);
  const lexicalLines = new Set(diagnostics.flatMap((d) => d.labels.map((label) => lineOf(file, label.span.start))));
  // What the lexer could not read explains what makes no sense beside it.
  const own = parser.diagnostics.filter(
    (d) => !d.labels.some((label) => lexicalLines.has(lineOf(file, label.span.start))),
  );
  const all = [...diagnostics, ...own].sort((a, b) => place(a) - place(b));
  return { module, diagnostics: all.slice(0, MAX_DIAGNOSTICS) };
}

function place(found: Diagnostic): number {
  return found.labels[0]?.span.start ?? 0;
}

function lineOf(file: SourceFile, offset: number): number {
  return file.position(offset).line;
}
