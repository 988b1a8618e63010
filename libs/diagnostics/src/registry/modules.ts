import type { DiagnosticRow } from '../registry.js';

export const moduleRows: readonly DiagnosticRow[] = [];
