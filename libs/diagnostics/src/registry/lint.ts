import type { DiagnosticRow } from '../registry.ts';

export const lintRows: readonly DiagnosticRow[] = [];
