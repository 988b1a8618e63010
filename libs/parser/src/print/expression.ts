import { unreachable } from '@hlb/diagnostics';
import type { Call, Expr, IntLit } from '../ast.js';
import { printList } from './list.js';
import { printHeredoc, printRawHeredoc, printString } from './literal.js';
import type { Writer } from './writer.js';

export function printExpr(w: Writer, expr: Expr): void {
  switch (expr.kind) {
    case 'func-lit':
      w.write(`${expr.type.text} `);
      w.rules.block(w, expr.body);
      return;
    case 'call':
      printCallee(w, expr);
      if (expr.args !== undefined) printList(w, expr.args.items, w.rules.expr);
      return;
    case 'string':
      printString(w, expr);
      return;
    case 'int':
      w.write(numeral(expr));
      return;
    case 'bool':
      w.write(expr.value ? 'true' : 'false');
      return;
    case 'raw-string':
      w.write(`\`${expr.text}\``);
      return;
    case 'heredoc':
      printHeredoc(w, expr);
      return;
    case 'raw-heredoc':
      printRawHeredoc(w, expr);
      return;
    case 'bad':
      w.write(expr.text);
      return;
    default:
      unreachable(expr);
  }
}

export function printCallee(w: Writer, { name, member }: Call): void {
  w.write(name);
  if (member !== undefined) w.write(`.${member.text}`);
}

/** In lower case and without leading zeros. */
function numeral(literal: IntLit): string {
  switch (literal.base) {
    case 2:
      return `0b${literal.value.toString(2)}`;
    case 8:
      return `0o${literal.value.toString(8)}`;
    case 16:
      return `0x${literal.value.toString(16)}`;
    case 10:
      return literal.value.toString();
  }
}
