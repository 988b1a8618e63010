import type { OpId, Text } from '@hlb/ir';
import { decodeString, heredocText, isTextLiteral, type Literal } from '@hlb/parser';
import type { Evaluation } from './evaluation.js';
import { type Scope, spanOf } from './scope.js';
import { simpleLiteral } from './simple.js';
import type { Task } from './task.js';
import { asText } from './values.js';

/** Evaluates a literal with its interpolations: one text, or an op where a part is only known later. */
export function* literalTask(e: Evaluation, literal: Literal, scope: Scope): Task {
  if (!isTextLiteral(literal)) return simpleLiteral(literal) ?? { kind: 'string', text: '' };
  const parts: Text[] = [];
  let known = '';
  for (const part of decodeString(literal)) {
    if (part.kind === 'text') {
      known += part.text;
      continue;
    }
    if (part.expr === undefined) continue;
    const text = asText(yield e.rules.expr(e, part.expr, 'string', scope));
    if (typeof text === 'string') {
      known += text;
      continue;
    }
    if (known !== '') parts.push({ text: known });
    known = '';
    parts.push({ text, at: spanOf(scope, part.expr) });
  }
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
