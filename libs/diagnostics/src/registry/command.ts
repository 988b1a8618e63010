import type { DiagnosticRow } from '../registry.js';

export const commandRows: readonly DiagnosticRow[] = [];
