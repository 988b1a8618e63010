import type { Expr, Module } from '../ast.js';
import { printBlock } from './block.js';
import { printExpr } from './expression.js';
import { printModule } from './module.js';
import { Writer } from './writer.js';

/**
 * A module as formatted text: tabs, one empty line between declarations, commas in lists, no `;` at line ends. Comments stay
 * where they are, lines are neither joined nor broken but for what the rules of lists and blocks say, and the meaning stays the same.
 * Printing what was printed gives the same text. `bad` nodes print as they were written.
 */
export function print(module: Module): string {
  const w = new Writer({ expr: printExpr, block: printBlock });
  printModule(w, module);
  return w.text;
}

/** An expression as it is printed in a module's text, at no indent. */
export function printExpression(expr: Expr): string {
  const w = new Writer({ expr: printExpr, block: printBlock });
  printExpr(w, expr);
  return w.text;
}
