import { type Diagnostic, type DiagnosticCode, type DiagnosticInit, diagnostic, type Span } from '@hlb/diagnostics';
import type { MountOption, Op, OptionPlace, RunOp, Text } from '@hlb/ir';

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
  /** What is shown as wrong: the argument, or, as in the reference where it has no place for that, the call that it is given to. */
  readonly shown: 'argument' | 'call';

  constructor(code: DiagnosticCode, details: DiagnosticInit, shown: 'argument' | 'call' = 'argument') {
    super(details.message);
    this.code = code;
    this.details = details;
    this.shown = shown;
  }
}

/**
 * Makes the diagnostic of a bad value: at the argument that gave it, else, or where the call is to be shown, at that. `option` is the
 * run's option that has it, if it is one's: where an option function gave that, the calls around are that function's.
 */
export function placed(op: Op, bad: BadValue, text: Text | undefined, option?: OptionPlace): Diagnostic {
  const [origin] = op.origins;
  const frames: Span[] = [];
  const around = option === undefined ? origin?.caller : (option.caller ?? origin);
  for (let call = around; call !== undefined; call = call.caller) frames.push(call.span);
  const call = option?.at ?? origin?.span;
  const argument = text?.at;
  const at = bad.shown === 'call' ? (call ?? argument) : (argument ?? call);
  const beside = argument === undefined || at === argument ? [] : [{ span: argument, message: 'given here' }];
  return diagnostic(bad.code, {
    ...bad.details,
    ...(at === undefined ? {} : { at }),
    ...(beside.length === 0 ? {} : { related: beside }),
    frames: frames.reverse().filter((span) => span !== at),
  });
}

/** The place of what stands in the `with` of a mount. */
export function insideMount({ origins: [origin] }: RunOp, { at, caller = origin }: MountOption): OptionPlace {
  return at === undefined ? {} : { at, caller: { span: at, caller } };
}

/** Makes a value of a text, and a problem at the text's place of one that is bad. */
export function check<T>(op: Op, text: Text, make: () => T, option?: OptionPlace): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof BadValue) throw new LoweringProblem(placed(op, error, text, option));
    throw error;
  }
}
