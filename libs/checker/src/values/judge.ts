import {
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticInit,
  diagnostic,
  nearest,
  type Span,
} from '@hlb/diagnostics';
import { digestProblem, readImageReference } from '@hlb/names';
import type { ValueFormat } from './format.js';
import { forwardUrlProblem, httpUrlProblem, ipAddressProblem } from './network-address.js';
import { timeProblem } from './time.js';

/** The words of each option that takes one of a few. */
const MODES = {
  'network-mode': ['unset', 'host', 'none'],
  'security-mode': ['sandbox', 'insecure'],
  'sharing-mode': ['shared', 'private', 'locked'],
} as const;

interface FormatRow {
  readonly code: DiagnosticCode;
  /** What such a text is: `name of an image`. */
  readonly noun: string;
  readonly problem: (text: string) => string | undefined;
}

const ROWS: Readonly<Record<Exclude<ValueFormat, keyof typeof MODES>, FormatRow>> = {
  'image-reference': { code: 'HLB0504', noun: 'name of an image', problem: imageProblem },
  digest: { code: 'HLB0508', noun: 'digest', problem: digestProblem },
  time: { code: 'HLB0510', noun: 'time', problem: timeProblem },
  'ip-address': { code: 'HLB0509', noun: 'IP address', problem: ipAddressProblem },
  'http-url': { code: 'HLB0525', noun: 'address of a file', problem: httpUrlProblem },
  'forward-url': { code: 'HLB0517', noun: 'address to forward to', problem: forwardUrlProblem },
};

/** Codes of words that are none of those allowed. */
const MODE_CODES = {
  'network-mode': ['HLB0505', 'network mode'],
  'security-mode': ['HLB0506', 'security mode'],
  'sharing-mode': ['HLB0507', 'sharing mode'],
} as const satisfies Record<keyof typeof MODES, readonly [DiagnosticCode, string]>;

/** What the judgement of a value may add to its diagnostic: the calls that led there. */
export type ValueContext = Pick<DiagnosticInit, 'frames' | 'related'>;

/**
 * Judges a text by the format that a builtin's parameter asks for; `undefined` if it is well written.
 * @param at the argument that gave the text
 */
export function judgeValue(
  format: ValueFormat,
  text: string,
  at: Span,
  context: ValueContext = {},
): Diagnostic | undefined {
  if (format === 'network-mode' || format === 'security-mode' || format === 'sharing-mode') {
    return judgeMode(format, text, at, context);
  }
  const row = ROWS[format];
  const problem = row.problem(text);
  if (problem === undefined) return undefined;
  return diagnostic(row.code, {
    ...context,
    message: text === '' ? `the ${row.noun} is empty` : `\`${text}\` is no ${row.noun}`,
    at,
    label: text === '' ? 'nothing is here' : problem,
  });
}

function judgeMode(format: keyof typeof MODES, text: string, at: Span, context: ValueContext): Diagnostic | undefined {
  const words: readonly string[] = MODES[format];
  if (words.includes(text)) return undefined;
  const [code, noun] = MODE_CODES[format];
  const meant = nearest(text, words);
  const all = words.map((word) => `\`${word}\``).join(', ');
  return diagnostic(code, {
    ...context,
    message: `there is no ${noun} \`${text}\``,
    at,
    label: meant === undefined ? `must be one of ${all}` : `did you mean \`${meant}\`?`,
    helps: meant === undefined ? [] : [`The ${noun}s are ${all}.`],
    fixes: meant === undefined ? [] : [{ title: `Write \`${meant}\``, edits: [{ span: at, text: `"${meant}"` }] }],
  });
}

function imageProblem(text: string): string | undefined {
  const read = readImageReference(text);
  return read.kind === 'problem' ? read.problem : undefined;
}
