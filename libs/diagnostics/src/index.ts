export { type Diagnostic, type DiagnosticInit, diagnostic, type Fix, type Label, type Severity } from './diagnostic.ts';
export { InternalError, unreachable } from './internal-error.ts';
export { type DiagnosticCode, type DiagnosticRow, diagnosticRows } from './registry.ts';
export { type Position, type SourceFile, type Span, sourceFile, span } from './source-file.ts';
