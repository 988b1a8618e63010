import type { DiagnosticRow } from '../registry.js';
import { readingRows } from './lint-reading.js';
import { styleRows } from './lint-style.js';
import { surpriseRows } from './lint-surprise.js';

export const lintRows: readonly DiagnosticRow[] = [...styleRows, ...surpriseRows, ...readingRows];
