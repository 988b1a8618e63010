import type { DiagnosticRow } from '../registry.js';

export const runRows: readonly DiagnosticRow[] = [];
