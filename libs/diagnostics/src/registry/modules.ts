import type { DiagnosticRow } from '../registry.ts';

export const moduleRows: readonly DiagnosticRow[] = [];
