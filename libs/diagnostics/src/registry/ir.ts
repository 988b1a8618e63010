import type { DiagnosticRow } from '../registry.js';

export const irRows: readonly DiagnosticRow[] = [];
