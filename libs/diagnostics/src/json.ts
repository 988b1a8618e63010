import type { Diagnostic } from './diagnostic.js';
import type { Position, Span } from './source-file.js';

/** A diagnostic in the documents that `--json` writes. Lines and columns begin at 1; columns count UTF-16 units. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly labels: readonly JsonLabel[];
  readonly fixes: readonly JsonFix[];
  /** Absent where there are none, as are the next two. */
  readonly notes?: readonly string[];
  readonly helps?: readonly string[];
  /** Calls that led to the place, outermost first. */
  readonly frames?: readonly JsonSpan[];
}

export interface JsonSpan {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export interface JsonLabel extends JsonSpan {
  readonly message: string;
  readonly primary: boolean;
}

export interface JsonFix {
  readonly title: string;
  readonly edits: readonly (JsonSpan & { readonly text: string })[];
}

/** Diagnostics as the one document that `check --json` and `lint --json` write. */
export function diagnosticsToJson(found: readonly Diagnostic[]): { readonly diagnostics: readonly JsonDiagnostic[] } {
  return { diagnostics: found.map(diagnosticToJson) };
}

function diagnosticToJson(found: Diagnostic): JsonDiagnostic {
  return {
    code: found.code,
    severity: found.severity,
    message: found.message,
    labels: found.labels.map(({ span, message, primary }) => ({ ...spanToJson(span), message, primary })),
    fixes: found.fixes.map(({ title, edits }) => ({
      title,
      edits: edits.map(({ span, text }) => ({ ...spanToJson(span), text })),
    })),
    ...(found.notes.length === 0 ? {} : { notes: found.notes }),
    ...(found.helps.length === 0 ? {} : { helps: found.helps }),
    ...(found.frames.length === 0 ? {} : { frames: found.frames.map(spanToJson) }),
  };
}

function spanToJson({ file, start, end }: Span): JsonSpan {
  return { file: file.name, start: file.position(start), end: file.position(end) };
}
