import type { DiagnosticRow } from '../registry.js';
import { kindRows } from './checker-kinds.js';
import { nameRows } from './checker-names.js';

export const checkerRows: readonly DiagnosticRow[] = [...nameRows, ...kindRows].sort((a, b) =>
  a.code < b.code ? -1 : 1,
);
