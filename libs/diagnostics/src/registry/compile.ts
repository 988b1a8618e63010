import type { DiagnosticRow } from '../registry.js';

export const compileRows: readonly DiagnosticRow[] = [];
