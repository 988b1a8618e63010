import { inspect } from 'node:util';
import { type Diagnostic, type DiagnosticCode, diagnostic } from '@hlb/diagnostics';
import type { IrModule } from '../module.js';
import { formatViolation } from '../verify/verify.js';
import type { Violation } from '../verify/violation.js';

/** A pass could not be run to its end, and what there is to say of it is known. */
export class PassFailure extends Error {
  override readonly name = 'PassFailure';
  readonly code: DiagnosticCode;
  readonly notes: readonly string[];
  readonly helps: readonly string[];

  /** @param message Follows the pass's name: `did not end within 60 s`. */
  constructor(code: DiagnosticCode, message: string, notes: readonly string[] = [], helps: readonly string[] = []) {
    super(message);
    this.code = code;
    this.notes = notes;
    this.helps = helps;
  }
}

/** Violations told one by one at most. */
const toldViolations = 5;

/** What is reported of a pass that threw: its name and message, and the place of its own code, no stack of ours. */
export function thrownDiagnostic(name: string, error: unknown): Diagnostic {
  const { code, message, notes, helps } = error instanceof PassFailure ? error : failureOf(error);
  return diagnostic(code, { message: `the pass ${name} ${message}`, notes, helps });
}

/** What an exception of a pass says. */
export function failureOf(error: unknown): PassFailure {
  const message = error instanceof Error ? error.message : thrownValue(error);
  const place = error instanceof Error ? ownPlace(error.stack ?? '') : undefined;
  const frozen = error instanceof TypeError && /read only|not extensible|cannot delete property/i.test(message);
  return new PassFailure(
    'HLB0620',
    `failed: ${message === '' ? 'it threw an exception without a message' : message}`,
    place === undefined ? [] : [`thrown at ${place}`],
    frozen ? ['a module is read-only: give back a new one'] : [],
  );
}

/** Something thrown that is no error: a text as it is, anything else as Node shows it, whatever its own methods do. */
function thrownValue(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}

/** What is reported of a pass that gave back a graph that breaks invariants. */
export function brokenDiagnostic(
  code: DiagnosticCode,
  message: string,
  violations: readonly Violation[],
  module: IrModule,
): Diagnostic {
  return diagnostic(code, { message, notes: violationNotes(violations, module) });
}

/** Some of the violations, a line each. */
export function violationNotes(violations: readonly Violation[], module: IrModule): readonly string[] {
  const told = violations.slice(0, toldViolations).map((violation) => formatViolation(violation, module));
  const more = violations.length - told.length;
  return more > 0 ? [...told, `and ${more} more`] : told;
}

/** This library's code: a folder of modules, or the one file that it is bundled into. */
const ownCode = /\/failure\.[jt]s$/.test(import.meta.url) ? new URL('..', import.meta.url).href : import.meta.url;

/** The first frame of a stack in code that is neither Node's nor this library's. */
function ownPlace(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const place = /^\s+at (?:.*\()?(?:async )?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/.exec(line)?.[1];
    if (place === undefined || place.startsWith('node:')) continue;
    if (!place.startsWith(ownCode) && !`file://${place}`.startsWith(ownCode)) return place;
  }
  return undefined;
}
