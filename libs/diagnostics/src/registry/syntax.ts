import type { DiagnosticRow } from '../registry.ts';

export const syntaxRows: readonly DiagnosticRow[] = [];
