import type { DiagnosticRow } from '../registry.ts';

export const compileRows: readonly DiagnosticRow[] = [];
