import type { Expr, Fragment } from '@hlb/parser';
import { layHeredoc } from './heredoc-layout.js';

/** The escapes of a string in quotes and what they stand for. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\$': '$',
  '\\a': '\u0007',
  '\\b': '\b',
  '\\f': '\f',
  '\\n': '\n',
  '\\r': '\r',
  '\\t': '\t',
  '\\v': '\v',
  '\\\\': '\\',
  '\\"': '"',
};

/** The text of a literal that has no interpolation and no escape of which only evaluation knows; `undefined` for others. */
export function literalText(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'raw-string':
      return expr.text;
    case 'raw-heredoc':
      return layHeredoc(expr.form, expr.text);
    case 'string':
      return joined(expr.fragments, (written) => (Object.hasOwn(ESCAPES, written) ? ESCAPES[written] : undefined));
    case 'heredoc': {
      const body = joined(expr.fragments, (written) => (written === '\\$' ? '$' : written));
      return body === undefined ? undefined : layHeredoc(expr.form, body);
    }
    default:
      return undefined;
  }
}

function joined(fragments: readonly Fragment[], decode: (written: string) => string | undefined): string | undefined {
  let text = '';
  for (const part of fragments) {
    if (part.kind === 'interpolation') return undefined;
    const piece = part.kind === 'text' ? part.text : decode(part.text);
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}
