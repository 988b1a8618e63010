import type { Fragment, Heredoc, Interpolation, Literal, RawHeredoc, RawStringLit, StringLit } from '../ast.js';
import { escapeText } from './escape-text.js';
import { heredocText } from './heredoc-text.js';

/** The literals that are text. */
export type TextLiteral = StringLit | RawStringLit | Heredoc | RawHeredoc;

/** Text with its escapes replaced, or an interpolation whose text is to be put here. */
export type StringPart = { readonly kind: 'text'; readonly text: string } | Interpolation;

/**
 * A literal as the parts whose texts, joined, are its value; for heredocs `heredocText` of what they give joined, since the
 * layout sees the interpolated texts too. No two texts are neighbours.
 */
export function decodeString(literal: TextLiteral): readonly StringPart[] {
  switch (literal.kind) {
    case 'raw-string':
    case 'raw-heredoc':
      return literal.text === '' ? [] : [{ kind: 'text', text: literal.text }];
    case 'string':
      if (literal.plain === undefined) return joinTexts(literal.fragments, 'string');
      return literal.plain === '' ? [] : [{ kind: 'text', text: literal.plain }];
    case 'heredoc':
      return joinTexts(literal.fragments, 'heredoc');
  }
}

/** The value of a literal, where `textOf` gives what each interpolation stands for. */
export function stringValue(literal: TextLiteral, textOf: (interpolation: Interpolation) => string): string {
  let joined = '';
  for (const part of decodeString(literal)) joined += part.kind === 'text' ? part.text : textOf(part);
  return literal.kind === 'heredoc' || literal.kind === 'raw-heredoc' ? heredocText(literal.form, joined) : joined;
}

/** The value of a literal that holds no interpolation; of any other, undefined. */
export function constantString(literal: TextLiteral): string | undefined {
  if (literal.kind === 'string' && literal.plain !== undefined) return literal.plain;
  const fragments = 'fragments' in literal ? literal.fragments : [];
  if (fragments.some((fragment) => fragment.kind === 'interpolation')) return undefined;
  return stringValue(literal, () => '');
}

/** Whether a literal is text. */
export function isTextLiteral(literal: Literal): literal is TextLiteral {
  return literal.kind !== 'int' && literal.kind !== 'bool';
}

function joinTexts(fragments: readonly Fragment[], context: 'string' | 'heredoc'): StringPart[] {
  const parts: StringPart[] = [];
  let text = '';
  for (const fragment of fragments) {
    if (fragment.kind === 'interpolation') {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      parts.push(fragment);
    } else {
      text += fragment.kind === 'text' ? fragment.text : escapeText(fragment, context);
    }
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}
