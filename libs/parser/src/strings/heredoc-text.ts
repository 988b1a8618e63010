import type { HeredocForm } from '../ast.js';

/**
 * The value of a heredoc, from its body with escapes and interpolations replaced.
 *
 * In all forms the newlines at the start and the newlines and tabs at the end are removed (blanks there stay). Then `dedent`
 * removes the indent that all lines share, and `fold` puts all on one line.
 */
export function heredocText(form: HeredocForm, joined: string): string {
  const body = trimBody(joined);
  switch (form) {
    case 'literal':
      return body;
    case 'dedent':
      return dedent(body);
    case 'fold':
      return trimSpace(body).split('\n').map(trimSpace).join(' ');
  }
}

function trimBody(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === '\n') start++;
  while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\t')) end--;
  return text.slice(start, end);
}

/**
 * Lines of only blanks and tabs are emptied, the others lose the indent that they share. Blanks and tabs are different: where
 * the indents of two lines part, neither being the start of the other, there is none to remove.
 */
function dedent(text: string): string {
  const lines = text.split('\n').map((line) => (indentOf(line).length === line.length ? '' : line));
  const margin = sharedIndent(lines);
  if (margin === '') return lines.join('\n');
  return lines.map((line) => (line === '' ? line : line.slice(margin.length))).join('\n');
}

function sharedIndent(lines: readonly string[]): string {
  let margin: string | undefined;
  for (const line of lines) {
    if (line === '') continue;
    const indent = indentOf(line);
    if (margin === undefined || margin.startsWith(indent)) margin = indent;
    else if (!indent.startsWith(margin)) return '';
  }
  return margin ?? '';
}

function indentOf(line: string): string {
  let end = 0;
  while (line[end] === ' ' || line[end] === '\t') end++;
  return line.slice(0, end);
}

/** White space as Go has it: Unicode's `White_Space`. JavaScript's `trim` differs in U+0085 and U+FEFF. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) start++;
  while (end > start && space.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
