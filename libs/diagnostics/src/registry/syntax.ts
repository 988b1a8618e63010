import type { DiagnosticRow } from '../registry.js';

export const syntaxRows: readonly DiagnosticRow[] = [];
