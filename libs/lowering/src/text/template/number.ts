import { syntaxError } from './error.js';

/** The value of a number as Go writes it: an `int` where it can be one, else a `float64`. */
export function numberOf(text: string): bigint | number {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
  if (/^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+)$/.test(digits)) {
    const octal = /^0\d+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
    if (/^0o.*[89]/.test(octal)) throw syntaxError(`bad number syntax: ${JSON.stringify(text)}`);
    const size = BigInt(octal);
    const value = negative ? -size : size;
    if (value !== BigInt.asIntN(64, value)) throw syntaxError(`integer overflow: ${JSON.stringify(text)}`);
    return value;
  }
  const value = Number(digits);
  if (Number.isNaN(value)) throw syntaxError(`bad number syntax: ${JSON.stringify(text)}`);
  // A number with a point or an exponent that is whole serves as an int, too; it keeps its type only where it must.
  return negative ? -value : value;
}
