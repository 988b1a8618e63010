import type { Bad, Block, CallStmt, Stmt, Trivia, WithClause } from '../ast.js';
import { printIdentExpr } from './expression.js';
import { printList } from './list.js';
import type { Writer } from './writer.js';

type Item = Stmt | Trivia | Bad;

export function printBlock(w: Writer, block: Block): void {
  if (breaksLines(w, block.items)) printLines(w, block.items);
  else printLine(w, block.items);
}

/**
 * Whether a block has several lines: it holds a comment, or a newline that does more than to end a statement. After `;` the
 * statement has ended already.
 */
function breaksLines(w: Writer, items: readonly Item[]): boolean {
  let previous: Item | undefined;
  for (const item of items) {
    if (item.kind === 'comment') return true;
    if (item.kind === 'newline' && !w.flat && !endsWith(previous)) return true;
    previous = item;
  }
  return false;
}

/** Whether a newline behind that item is its end. */
function endsWith(item: Item | undefined): boolean {
  if (item === undefined || item.kind === 'newline') return false;
  return item.kind === 'bad' || item.kind === 'comment' || item.semicolon === undefined;
}

function printLine(w: Writer, items: readonly Item[]): void {
  let first = true;
  for (const item of items) {
    if (item.kind === 'newline' || item.kind === 'comment') continue;
    w.write(first ? '{ ' : '; ');
    first = false;
    printStmt(w, item);
  }
  w.write(first ? '{}' : ' }');
}

/** One statement a line. Of empty lines one in a row stays; comments stay on the line where they stand. */
function printLines(w: Writer, items: readonly Item[]): void {
  w.write('{');
  w.indent++;
  // Since the last thing printed, which at first is `{`.
  let newlines = 0;
  for (const item of items) {
    if (item.kind === 'newline') {
      newlines++;
      continue;
    }
    const sameLine = item.kind === 'comment' && newlines === 0;
    if (sameLine) w.write(' ');
    else startLine(w, newlines > 1);
    if (item.kind === 'comment') w.write(item.text);
    else printStmt(w, item);
    newlines = 0;
  }
  w.indent--;
  startLine(w, newlines > 1);
  w.write('}');
}

function startLine(w: Writer, emptyBefore: boolean): void {
  if (emptyBefore) w.write('\n');
  w.line();
}

function printStmt(w: Writer, stmt: Stmt | Bad): void {
  if (stmt.kind === 'bad') w.write(stmt.text);
  else if (stmt.kind === 'expr-stmt') w.rules.expr(w, stmt.expr);
  else printCall(w, stmt);
}

function printCall(w: Writer, call: CallStmt): void {
  printIdentExpr(w, call.callee);
  for (const arg of call.args) {
    w.write(' ');
    w.rules.expr(w, arg);
  }
  if (call.with !== undefined && !saysNothing(call.with)) {
    w.write(' with ');
    w.rules.expr(w, call.with.expr);
  }
  if (call.bind === undefined) return;
  w.write(' as');
  const target = call.bind.target;
  if (target?.kind === 'ident') w.write(` ${target.text}`);
  if (target?.kind !== 'bind-list') return;
  w.write(' ');
  printList(w, target.items, (item) => w.write(`${item.effect.text} ${item.name.text}`));
}

/** `with option { }` with nothing in it, not even a comment. */
function saysNothing(clause: WithClause): boolean {
  const expr = clause.expr;
  if (expr.kind !== 'func-lit' || !/^option(?:::|$)/.test(expr.type.text)) return false;
  return expr.body.items.every((item) => item.kind === 'newline');
}
