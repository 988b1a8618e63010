import type { OpId, Text } from '@hlb/ir';
import {
  decodeString,
  heredocText,
  type Interpolation,
  isTextLiteral,
  type Literal,
  type TextLiteral,
} from '@hlb/parser';
import type { Evaluation } from './evaluation.js';
import { type Scope, spanOf } from './scope.js';
import { type Evaluated, Waiting, whenKnown } from './task.js';
import { asText, type Value } from './values.js';

/** Evaluates a literal with its interpolations: one text, or an op where a part is only known later. */
export function textLiteral(e: Evaluation, literal: Literal, scope: Scope): Evaluated {
  if (!isTextLiteral(literal)) return { kind: 'string', text: '' };
  const parts = decodeString(literal);
  return withParts(e, literal, parts, 0, { parts: [], known: '' }, scope);
}

/** What the parts of a literal gave. */
interface Draft {
  /** Texts, those that are only known later with their places; no two known ones are neighbours. */
  readonly parts: Text[];
  /** The known text behind them. */
  known: string;
}

/** Goes on with the part at a place. */
function withParts(
  e: Evaluation,
  literal: TextLiteral,
  parts: ReturnType<typeof decodeString>,
  from: number,
  draft: Draft,
  scope: Scope,
): Evaluated {
  for (let place = from; place < parts.length; place += 1) {
    const part = parts[place];
    if (part === undefined) continue;
    if (part.kind === 'text') {
      draft.known += part.text;
      continue;
    }
    const { expr } = part;
    if (expr === undefined) continue;
    const given = e.rules.expr(e, expr, 'string', scope);
    if (given instanceof Waiting) {
      return whenKnown(given, (value) => {
        addText(draft, value, expr, scope);
        return withParts(e, literal, parts, place + 1, draft, scope);
      });
    }
    addText(draft, given, expr, scope);
  }
  return joined(e, literal, draft, scope);
}

function addText(draft: Draft, value: Value, expr: NonNullable<Interpolation['expr']>, scope: Scope): void {
  const text = asText(value);
  if (typeof text === 'string') {
    draft.known += text;
    return;
  }
  if (draft.known !== '') draft.parts.push({ text: draft.known });
  draft.known = '';
  draft.parts.push({ text, at: spanOf(scope, expr) });
}

function joined(e: Evaluation, literal: TextLiteral, { parts, known }: Draft, scope: Scope): Value {
  const form = literal.kind === 'heredoc' || literal.kind === 'raw-heredoc' ? literal.form : undefined;
  if (parts.length === 0) return { kind: 'string', text: form === undefined ? known : heredocText(form, known) };
  if (known !== '') parts.push({ text: known });
  const origins = [{ span: spanOf(scope, literal), caller: scope.frame }];
  const [only] = parts;
  const text: string | OpId =
    parts.length === 1 && only !== undefined ? only.text : e.add({ kind: 'concat', parts, origins });
  if (form === undefined) return { kind: 'string', text };
  return { kind: 'string', text: e.add({ kind: 'layout', text: { text }, form, origins }) };
}
