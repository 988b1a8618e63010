import type { Bad, Comment, Newline } from '../ast.js';
import type { Writer } from './writer.js';

/**
 * Items between parentheses. On one line, with commas put in, unless a newline or comment stands among them; then each line of
 * items is a line here, every item has a comma behind it, and empty lines go.
 */
export function printList<T extends { readonly kind: string }>(
  w: Writer,
  items: readonly (T | Newline | Comment | Bad)[],
  printItem: (item: T) => void,
): void {
  const print = (item: T | Bad): void => {
    if (isBad(item)) w.write(item.text);
    else printItem(item);
  };
  const hasComment = items.some((item) => item.kind === 'comment');
  const hasNewline = items.some((item) => item.kind === 'newline');
  const hasItem = items.some((item) => item.kind !== 'newline');
  w.write('(');
  if (hasComment || (hasNewline && hasItem && !w.flat)) printLines(w, items, print);
  else {
    let first = true;
    for (const item of items) {
      if (isTrivia(item)) continue;
      if (!first) w.write(', ');
      first = false;
      print(item);
    }
  }
  w.write(')');
}

function printLines<T extends { readonly kind: string }>(
  w: Writer,
  items: readonly (T | Newline | Comment | Bad)[],
  print: (item: T | Bad) => void,
): void {
  w.indent++;
  let atLineStart = true;
  for (const item of items) {
    if (item.kind === 'newline') {
      atLineStart = true;
      continue;
    }
    if (atLineStart) w.line();
    else w.write(' ');
    atLineStart = false;
    if (isTrivia(item)) {
      if (item.kind === 'comment') w.write(item.text);
      atLineStart = true;
    } else {
      print(item);
      w.write(',');
    }
  }
  w.indent--;
  w.line();
}

function isTrivia(item: { readonly kind: string }): item is Newline | Comment {
  return item.kind === 'newline' || item.kind === 'comment';
}

function isBad(item: { readonly kind: string }): item is Bad {
  return item.kind === 'bad';
}
