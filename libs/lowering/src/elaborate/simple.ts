import type { Kind } from '@hlb/checker';
import { constantString, decodeString, type Expr, heredocText, isTextLiteral, type Literal } from '@hlb/parser';
import type { Evaluation } from './evaluation.js';
import type { Scope } from './scope.js';
import { noStage } from './stages/stages.js';
import { asText, type Value } from './values.js';

/** The value of an expression that needs no evaluation of its own. */
export function simpleExpr(expr: Expr, scope: Scope): Value | undefined {
  if (expr.kind !== 'call') {
    return expr.kind === 'func-lit' || expr.kind === 'bad'
      ? undefined
      : (simpleLiteral(expr) ?? filledText(expr, scope));
  }
  const resolution = scope.instance.checked.resolve(expr);
  return resolution?.kind === 'param' ? scope.args[resolution.index] : undefined;
}

/** The value of a literal without interpolations. */
export function simpleLiteral(literal: Literal): Value | undefined {
  if (literal.kind === 'int') return { kind: 'int', value: literal.value };
  if (literal.kind === 'bool') return { kind: 'bool', value: literal.value };
  if (!isTextLiteral(literal)) return undefined;
  const text = constantString(literal);
  return text === undefined ? undefined : { kind: 'string', text };
}

/** The text of a literal whose interpolations are parameters that hold known texts or numbers, as most are. */
function filledText(literal: Literal, scope: Scope): Value | undefined {
  if (!isTextLiteral(literal)) return undefined;
  let known = '';
  for (const part of decodeString(literal)) {
    if (part.kind === 'text') {
      known += part.text;
      continue;
    }
    const { expr } = part;
    if (expr === undefined) continue;
    // Not what interpolates itself: programs nest deeper than the engine's stack reaches.
    const value = expr.kind === 'call' ? simpleExpr(expr, scope) : undefined;
    if (value?.kind !== 'string' && value?.kind !== 'int' && value?.kind !== 'bool') return undefined;
    const text = asText(value);
    if (typeof text !== 'string') return undefined;
    known += text;
  }
  const form = literal.kind === 'heredoc' || literal.kind === 'raw-heredoc' ? literal.form : undefined;
  return { kind: 'string', text: form === undefined ? known : heredocText(form, known) };
}

/** The scope of a call's arguments. */
export function argumentScope(scope: Scope): Scope {
  return scope.locals === 'in-arguments' ? { ...scope, locals: 'copied' } : scope;
}

/** What a block of a kind starts from where nothing came in. */
export function emptyValue(e: Evaluation, kind: Kind): Value {
  switch (kind) {
    case 'fs':
      return { kind: 'fs', op: e.emptyFs() };
    case 'string':
      return { kind: 'string', text: '' };
    case 'int':
      return { kind: 'int', value: 0n };
    case 'bool':
      return { kind: 'bool', value: false };
    case 'pipeline':
      return { kind: 'pipeline', stage: noStage };
    default:
      return { kind: 'options', last: undefined };
  }
}
