import type { Fragment, Heredoc, HeredocForm, RawHeredoc, StringLit } from '../ast.js';
import type { Writer } from './writer.js';

/** Texts and escapes as written, interpolations formatted. */
export function printString(w: Writer, literal: StringLit): void {
  w.write('"');
  if (literal.plain === undefined) for (const fragment of literal.fragments) printFragment(w, fragment);
  else w.write(literal.plain);
  w.write('"');
}

/** The body as written; only the tabs of the delimiter's line become those of the indent, which the value doesn't show. */
export function printHeredoc(w: Writer, literal: Heredoc): void {
  w.write(`${openers[literal.form]}${literal.delimiter}`);
  const flat = w.flat;
  w.flat = true;
  const last = literal.fragments.at(-1);
  for (const fragment of literal.fragments) {
    if (fragment.kind === 'text' && fragment === last) w.write(indentLastLine(fragment.text, w.indent));
    else printFragment(w, fragment);
  }
  w.flat = flat;
  w.write(literal.delimiter);
}

export function printRawHeredoc(w: Writer, literal: RawHeredoc): void {
  w.write(`${openers[literal.form]}\`${literal.delimiter}\`${literal.text}${literal.delimiter}`);
}

const openers: Record<HeredocForm, string> = { literal: '<<', dedent: '<<-', fold: '<<~' };

function printFragment(w: Writer, fragment: Fragment): void {
  if (fragment.kind !== 'interpolation') {
    w.write(fragment.text);
    return;
  }
  w.write('${');
  if (fragment.expr !== undefined) w.rules.expr(w, fragment.expr);
  w.write('}');
}

/** Where the text's last line is white: with so many tabs at its end, instead of those that are there. Blanks stay. */
function indentLastLine(text: string, tabs: number): string {
  let end = text.length;
  while (text[end - 1] === '\t') end--;
  let start = end;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  return text[start - 1] === '\n' ? text.slice(0, end) + '\t'.repeat(tabs) : text;
}
