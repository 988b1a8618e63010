export { type Diagnostic, type DiagnosticInit, diagnostic, type Fix, type Label, type Severity } from './diagnostic.js';
export { InternalError, unreachable } from './internal-error.js';
export { type DiagnosticCode, type DiagnosticRow, diagnosticRows } from './registry.js';
export { type Position, type SourceFile, type Span, sourceFile, span } from './source-file.js';
