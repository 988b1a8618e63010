import type { DiagnosticCode, DiagnosticInit, SourceFile, Span } from '@hlb/diagnostics';
import type { NodeRange } from '@hlb/parser';
import type { CheckedModule } from '../checked.js';
import type { ModuleIndex } from './module-index.js';

/** What a finding of a rule counts as; `off` rules do not run. */
export type LintSeverity = 'off' | 'info' | 'warning' | 'error';

/** A rule of the linter: one file in `rules/`, one row in `rules.ts`. */
export interface LintRule {
  readonly code: DiagnosticCode;
  /** Kebab-case, for configuration and comments. */
  readonly name: string;
  /** Where the configuration does not say otherwise. */
  readonly severity: LintSeverity;
  /** What it finds, in a sentence. */
  readonly description: string;
  readonly check: (context: LintContext) => void;
}

/** What a rule looks at, and where it reports. */
export interface LintContext {
  readonly checked: CheckedModule;
  readonly file: SourceFile;
  readonly index: ModuleIndex;
  readonly at: (node: NodeRange) => Span;
  readonly report: (finding: Finding) => void;
}

/** What a rule found. */
export type Finding = Omit<DiagnosticInit, 'severity' | 'frames'> & { readonly at: Span };
