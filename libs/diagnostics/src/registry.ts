/**
 * Every diagnostic that the project knows, by its stable code.
 *
 * | range | of |
 * |---|---|
 * | HLB01xx | lexer |
 * | HLB02xx | parser |
 * | HLB03xx | checker: names, kinds, binds |
 * | HLB04xx | linter |
 * | HLB05xx | elaborating and lowering a program |
 * | HLB06xx | IR, passes and plugins |
 * | HLB07xx | modules and imports |
 * | HLB08xx | running: engine, session, outputs |
 * | HLB09xx | command line and configuration |
 */
import { checkerRows } from './registry/checker.js';
import { commandRows } from './registry/command.js';
import { compileRows } from './registry/compile.js';
import { irRows } from './registry/ir.js';
import { lintRows } from './registry/lint.js';
import { moduleRows } from './registry/modules.js';
import { runRows } from './registry/run.js';
import { syntaxRows } from './registry/syntax.js';

/** `HLB` and four digits. */
export type DiagnosticCode = `HLB${number}`;

/** A row of the registry: what a code stands for, and the two programs of its page. */
export interface DiagnosticRow {
  readonly code: DiagnosticCode;
  /** The page's title, a short phrase. */
  readonly title: string;
  /** What it means, why it is so and what to do: one to three sentences of Markdown. */
  readonly explanation: string;
  /** A program that gets this diagnostic, where a program alone can. */
  readonly wrong?: string;
  /** The same program, mended. */
  readonly right?: string;
}

export const diagnosticRows: readonly DiagnosticRow[] = [
  ...syntaxRows,
  ...checkerRows,
  ...lintRows,
  ...compileRows,
  ...irRows,
  ...moduleRows,
  ...runRows,
  ...commandRows,
];
