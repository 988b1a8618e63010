import type { HeredocForm } from '@hlb/parser';

/** Lays out the body of a heredoc: without the newlines around it, then as it is, without the common indent, or on one line. */
export function layHeredoc(form: HeredocForm, body: string): string {
  const text = body.replace(/^\n+/, '').replace(/[\n\t]+$/, '');
  switch (form) {
    case 'literal':
      return text;
    case 'dedent':
      return dedent(text);
    case 'fold':
      return text
        .trim()
        .split('\n')
        .map((line) => line.trim())
        .join(' ');
  }
}

function dedent(text: string): string {
  const lines = text.split('\n').map((line) => (/^[ \t]*$/.test(line) ? '' : line));
  let margin: string | undefined;
  for (const line of lines) {
    if (line === '') continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    margin = margin === undefined ? indent : commonPrefix(margin, indent);
  }
  const width = margin?.length ?? 0;
  return lines.map((line) => line.slice(width)).join('\n');
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
