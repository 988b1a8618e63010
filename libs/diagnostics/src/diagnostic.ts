import type { DiagnosticCode } from './registry.js';
import type { Span } from './source-file.js';

export type Severity = 'error' | 'warning' | 'info';

/** A place that matters for a diagnostic, and what it shows there. */
export interface Label {
  readonly span: Span;
  /** A short phrase; empty where the place speaks for itself. */
  readonly message: string;
  /** Exactly one label of a diagnostic is primary, where it has any place at all. */
  readonly primary: boolean;
}

/** A change of the text that mends what a diagnostic reports: all edits together, none overlapping. */
export interface Fix {
  readonly title: string;
  /** Whether the program keeps its meaning, so that `--fix` applies it; others are only offered, in an editor for example. */
  readonly isSafe?: boolean;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

/** What was found wrong, with its places, in words for the person who wrote the program. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One sentence without a full stop: what is wrong, and what was expected. */
  readonly message: string;
  /** The primary label first. Empty only where no place is known. */
  readonly labels: readonly Label[];
  /** Further facts, a sentence each. */
  readonly notes: readonly string[];
  /** What to do, a sentence each. */
  readonly helps: readonly string[];
  readonly fixes: readonly Fix[];
  /** The calls that led to the primary place, outermost first, where the problem was met while a program was evaluated. */
  readonly frames: readonly Span[];
}

/** The parts of a diagnostic that a reporter gives; what is left out is empty. */
export interface DiagnosticInit {
  readonly message: string;
  readonly at?: Span;
  /** Text of the primary label. */
  readonly label?: string;
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
  readonly notes?: readonly string[];
  readonly helps?: readonly string[];
  readonly fixes?: readonly Fix[];
  readonly frames?: readonly Span[];
  readonly severity?: Severity;
}

/** Makes a diagnostic; its severity is `error` unless given. */
export function diagnostic(code: DiagnosticCode, init: DiagnosticInit): Diagnostic {
  const labels: Label[] = [];
  if (init.at !== undefined) labels.push({ span: init.at, message: init.label ?? '', primary: true });
  for (const other of init.related ?? []) labels.push({ ...other, primary: false });
  return {
    code,
    severity: init.severity ?? 'error',
    message: init.message,
    labels,
    notes: init.notes ?? [],
    helps: init.helps ?? [],
    fixes: init.fixes ?? [],
    frames: init.frames ?? [],
  };
}
