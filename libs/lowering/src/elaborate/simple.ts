import type { Kind } from '@hlb/checker';
import { constantString, type Expr, isTextLiteral, type Literal } from '@hlb/parser';
import type { Evaluation } from './evaluation.js';
import type { Scope } from './scope.js';
import { noStage } from './stages/stages.js';
import type { Value } from './values.js';

/** The value of an expression that needs no evaluation of its own. */
export function simpleExpr(expr: Expr, scope: Scope): Value | undefined {
  if (expr.kind !== 'call') return expr.kind === 'func-lit' || expr.kind === 'bad' ? undefined : simpleLiteral(expr);
  const resolution = scope.instance.checked.resolve(expr.callee);
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
