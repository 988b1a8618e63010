import { type GoValue, goTypeName } from '../go-value.js';
import { executionError } from './error.js';

/** Whether two values of one type are the same. Values of different types can't be compared, as in Go. */
export function equalValues(a: GoValue, b: GoValue): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (typeof a === 'object' || typeof b === 'object') throw executionError('non-comparable type map[string]string');
  sameType(a, b);
  return a === b;
}

/** Negative, 0 or positive, as the first value is less than the second, the same or more. */
export function compareValues(a: GoValue, b: GoValue): number {
  if (a === undefined || b === undefined) throw executionError('invalid type for comparison');
  sameType(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b);
  if (typeof a === 'boolean' || typeof a === 'object' || typeof b === 'boolean' || typeof b === 'object') {
    throw executionError('invalid type for comparison');
  }
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sameType(a: Exclude<GoValue, undefined>, b: Exclude<GoValue, undefined>): void {
  if (typeof a !== typeof b) {
    throw executionError(`incompatible types for comparison: ${goTypeName(a)} and ${goTypeName(b)}`);
  }
}

/** The order of the texts' UTF-8 bytes, which is that of their code points. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
