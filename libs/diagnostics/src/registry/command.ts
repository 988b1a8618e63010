import type { DiagnosticRow } from '../registry.ts';

export const commandRows: readonly DiagnosticRow[] = [];
