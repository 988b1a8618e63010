import type { Bad, BindClause, BindItem, Block, Newline, Stmt, Trivia, WithClause } from '../ast.js';
import { printCallee } from './expression.js';
import { printList } from './list.js';
import type { Writer } from './writer.js';

type Item = Stmt | Trivia | Bad;

/**
 * A block: on one line, or one statement a line. There of empty lines one in a row stays, and comments stay on the line where they
 * stand.
 */
export function printBlock(w: Writer, block: Block): void {
  const lines = breaksLines(w, block.items);
  w.write('{');
  if (lines) w.indent++;
  let empty = true;
  // Since the last thing printed, which at first is `{`.
  let newlines = 0;
  for (const item of block.items) {
    if (item.kind === 'newline') {
      newlines++;
      continue;
    }
    if (!lines) w.write(empty ? ' ' : '; ');
    else if (item.kind === 'comment' && newlines === 0) w.write(' ');
    else startLine(w, newlines > 1);
    printItem(w, item);
    empty = false;
    newlines = 0;
  }
  if (lines) {
    w.indent--;
    startLine(w, newlines > 1);
  } else if (!empty) w.write(' ');
  w.write('}');
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

function startLine(w: Writer, emptyBefore: boolean): void {
  if (emptyBefore) w.write('\n');
  w.line();
}

function printItem(w: Writer, item: Exclude<Item, Newline>): void {
  if (item.kind === 'expr-stmt') w.rules.expr(w, item.expr);
  if (item.kind === 'bad' || item.kind === 'comment') w.write(item.text);
  if (item.kind !== 'call-stmt') return;
  printCallee(w, item);
  for (const arg of item.args) {
    w.write(' ');
    w.rules.expr(w, arg);
  }
  if (item.with !== undefined && !saysNothing(item.with)) {
    w.write(' with ');
    w.rules.expr(w, item.with.expr);
  }
  if (item.bind !== undefined) printBind(w, item.bind);
}

function printBind(w: Writer, { target }: BindClause): void {
  w.write(' as');
  if (target?.kind === 'ident') w.write(` ${target.text}`);
  if (target?.kind !== 'bind-list') return;
  w.write(' ');
  printList(w, target.items, printBindItem);
}

function printBindItem(w: Writer, item: BindItem): void {
  w.write(`${item.effect.text} ${item.name.text}`);
}

/** `with option { }` with nothing in it, not even a comment. */
function saysNothing(clause: WithClause): boolean {
  const expr = clause.expr;
  if (expr.kind !== 'func-lit' || !/^option(?:::|$)/.test(expr.type.text)) return false;
  return expr.body.items.every((item) => item.kind === 'newline');
}
