import type { Directive } from './go-format-parse.js';
import { goQuoteRune } from './go-quote.js';

/** A Go `int` under a verb; `undefined` for a verb that doesn't suit it. */
export function formatInt(value: bigint, directive: Directive): string | undefined {
  switch (directive.verb) {
    case 'v':
    case 'd':
      return digits(value, 10, '', directive);
    case 'b':
      return digits(value, 2, directive.flags.includes('#') ? '0b' : '', directive);
    case 'o':
      return digits(value, 8, directive.flags.includes('#') ? '0' : '', directive);
    case 'O':
      return digits(value, 8, '0o', directive);
    case 'x':
    case 'X': {
      const shown = digits(value, 16, directive.flags.includes('#') ? '0x' : '', directive);
      return directive.verb === 'X' ? shown.toUpperCase() : shown;
    }
    case 'c':
      return fill(character(value), directive, '');
    case 'q':
      return fill(goQuoteRune(character(value), directive.flags.includes('+')), directive, '');
    case 'U':
      return fill(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, directive, '');
    default:
      return undefined;
  }
}

/** A Go `float64` under a verb; `undefined` for a verb that doesn't suit it. */
export function formatFloat(value: number, directive: Directive): string | undefined {
  const { verb, precision } = directive;
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : signFlag(directive);
  if (!'vgGeEfF'.includes(verb)) return undefined;
  if (!Number.isFinite(value)) {
    return fill(
      Number.isNaN(value) ? 'NaN' : `${sign === '' ? '+' : sign}Inf`,
      { ...directive, flags: directive.flags.replace('0', '') },
      '',
    );
  }
  let shown: string;
  if (verb === 'f' || verb === 'F') shown = size.toFixed(precision ?? 6);
  else if (verb === 'e' || verb === 'E') shown = exponent(size.toExponential(precision ?? 6));
  else shown = general(size, precision);
  return fill(verb === 'E' || verb === 'G' ? shown.toUpperCase() : shown, directive, sign);
}

/** The shortest form that reads back as the same number; with an exponent from its precision (or 1e6) up and below 1e-4. */
function general(size: number, precision: number | undefined): string {
  const [mantissa = '0', power = '+0'] = (
    precision === undefined ? size.toExponential() : size.toExponential(Math.max(0, precision - 1))
  ).split('e');
  const x = Number(power);
  const limit = precision === undefined ? 6 : Math.max(1, precision);
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (x < -4 || x >= limit) return exponent(`${short}e${power}`);
  const decimals = Math.max(0, (short.split('.')[1] ?? '').length - x);
  return size === 0 ? '0' : size.toFixed(Math.min(100, decimals));
}

/** Go writes at least two digits of an exponent. */
function exponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function digits(value: bigint, radix: number, lead: string, directive: Directive): string {
  const size = value < 0n ? -value : value;
  const sign = value < 0n ? '-' : signFlag(directive);
  const { precision } = directive;
  if (precision === 0 && value === 0n) return fill('', { ...directive, flags: '' }, '');
  const shown = size.toString(radix).padStart(precision ?? 0, '0');
  const flags = precision === undefined ? directive.flags : directive.flags.replaceAll('0', '');
  return fill(shown, { ...directive, flags }, sign + lead);
}

function signFlag({ flags }: Directive): string {
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function character(value: bigint): string {
  const code = value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd;
  return String.fromCodePoint(code).toWellFormed();
}

/** Filled up to the width: zeros stand between the sign and the digits, blanks outside. */
function fill(shown: string, { width, flags }: Directive, sign: string): string {
  const missing = Math.max(0, (width ?? 0) - [...shown].length - sign.length);
  if (flags.includes('-')) return sign + shown + ' '.repeat(missing);
  if (flags.includes('0')) return sign + '0'.repeat(missing) + shown;
  return ' '.repeat(missing) + sign + shown;
}
