export { type Diagnostic, type DiagnosticInit, diagnostic, type Fix, type Label, type Severity } from './diagnostic.js';
export { diagnosticsToGithub } from './github.js';
export { InternalError, unreachable } from './internal-error.js';
export { diagnosticsToJson, type JsonDiagnostic, type JsonFix, type JsonLabel, type JsonSpan } from './json.js';
export { nearest } from './nearest.js';
export { type DiagnosticCode, type DiagnosticRow, diagnosticRows } from './registry.js';
export { diagnosticsToSarif, type SarifTool } from './sarif.js';
export { type Position, type SourceFile, type Span, sourceFile, span } from './source-file.js';
