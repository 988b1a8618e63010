import type { Bad, Comment, Newline } from '../ast.js';
import type { Writer } from './writer.js';

/**
 * Items between parentheses. On one line, with commas put in, unless a newline or comment stands among them; then each line of
 * items is a line here, every item has a comma behind it, and empty lines go.
 */
export function printList<T extends { readonly kind: string }>(
  w: Writer,
  items: readonly (T | Newline | Comment | Bad)[],
  printItem: (w: Writer, item: T) => void,
): void {
  const lines = breaksLines(w, items);
  w.write('(');
  if (lines) w.indent++;
  let atStart = true;
  for (const item of items) {
    if (isNewline(item)) {
      atStart ||= lines;
      continue;
    }
    if (!atStart) w.write(lines ? ' ' : ', ');
    else if (lines) w.line();
    if (isText(item)) w.write(item.text);
    else printItem(w, item);
    atStart = item.kind === 'comment';
    if (lines && !atStart) w.write(',');
  }
  if (lines) {
    w.indent--;
    w.line();
  }
  w.write(')');
}

function breaksLines(w: Writer, items: readonly { readonly kind: string }[]): boolean {
  let hasNewline = false;
  let hasItem = false;
  for (const { kind } of items) {
    if (kind === 'comment') return true;
    if (kind === 'newline') hasNewline = true;
    else hasItem = true;
  }
  return hasNewline && hasItem && !w.flat;
}

function isNewline(item: { readonly kind: string }): item is Newline {
  return item.kind === 'newline';
}

function isText(item: { readonly kind: string }): item is Comment | Bad {
  return item.kind === 'comment' || item.kind === 'bad';
}
