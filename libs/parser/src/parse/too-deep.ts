import type { Parser } from './state/parser.js';
import { nestedTooDeep } from './syntax-errors.js';

/** Reports, once in a file, that what opens at the current token is nested deeper than `MAX_DEPTH`. */
export function reportDepth(p: Parser): void {
  if (!p.tooDeep) p.report(() => nestedTooDeep(p, p.start));
  p.tooDeep = true;
}
