import type { DiagnosticRow } from '../registry.ts';

export const runRows: readonly DiagnosticRow[] = [];
