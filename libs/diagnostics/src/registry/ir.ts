import type { DiagnosticRow } from '../registry.ts';

export const irRows: readonly DiagnosticRow[] = [];
