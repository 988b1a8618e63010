import type { DiagnosticRow } from '../registry.js';

export const lintRows: readonly DiagnosticRow[] = [];
