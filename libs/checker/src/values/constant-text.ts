import { constantString, type Expr, isTextLiteral } from '@hlb/parser';

/** The text of an expression that is a literal without interpolation; `undefined` for others. */
export function constantText(expr: Expr): string | undefined {
  if (expr.kind === 'call' || expr.kind === 'func-lit' || expr.kind === 'bad') return undefined;
  return isTextLiteral(expr) ? constantString(expr) : undefined;
}
