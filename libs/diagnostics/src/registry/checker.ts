import type { DiagnosticRow } from '../registry.ts';

export const checkerRows: readonly DiagnosticRow[] = [];
