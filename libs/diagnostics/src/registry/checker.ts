import type { DiagnosticRow } from '../registry.js';

export const checkerRows: readonly DiagnosticRow[] = [];
