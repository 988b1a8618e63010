import { type Diagnostic, type DiagnosticCode, type DiagnosticInit, diagnostic, type Span } from '@hlb/diagnostics';
import type { Op, Text } from '@hlb/ir';

/** A value of a program that an op can't be made of: thrown where it is met, reported with the calls that led to the op. */
export class LoweringProblem extends Error {
  override readonly name = 'LoweringProblem';
  readonly diagnostic: Diagnostic;

  constructor(found: Diagnostic) {
    super(found.message);
    this.diagnostic = found;
  }
}

/** What is wrong with a value, before it is known which op has it. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
  readonly code: DiagnosticCode;
  readonly details: DiagnosticInit;

  constructor(code: DiagnosticCode, details: DiagnosticInit) {
    super(details.message);
    this.code = code;
    this.details = details;
  }
}

/**
 * Makes the diagnostic of a bad value: at the argument that gave it, else at the call. `inside` are calls of options between the
 * op's call and the argument, outermost first.
 */
export function placed(
  op: Op,
  bad: BadValue,
  text: Text | undefined,
  inside: readonly (Span | undefined)[] = [],
): Diagnostic {
  const [origin] = op.origins;
  const outer: Span[] = [];
  for (let at = origin?.caller; at !== undefined; at = at.caller) outer.push(at.span);
  outer.reverse();
  const between = inside.filter((span) => span !== undefined);
  const at = text?.at ?? between.at(-1) ?? origin?.span;
  const within = origin !== undefined && inside.length > 0 ? [origin.span, ...between] : [];
  const frames = [...outer, ...within].filter((span) => span !== at);
  return diagnostic(bad.code, { ...bad.details, ...(at === undefined ? {} : { at }), frames });
}

/** Makes a value of a text, and a problem at the text's place of one that is bad. */
export function check<T>(op: Op, text: Text, make: () => T, inside: readonly (Span | undefined)[] = []): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof BadValue) throw new LoweringProblem(placed(op, error, text, inside));
    throw error;
  }
}
