import { formatFloat, formatInt } from './go-format-number.js';
import { type Directive, parseFormat } from './go-format-parse.js';
import { canBackquote, goQuote } from './go-quote.js';
import { type GoValue, goTypeName } from './go-value.js';

const encoder = new TextEncoder();

/**
 * Go's `fmt.Sprintf`: what doesn't fit is said in the text itself (`%!d(string=12)`, `%!s(MISSING)`), never an error.
 */
export function goSprintf(format: string, values: readonly GoValue[]): string {
  const { parts, reordered, next } = parseFormat(format, values.length);
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else text += formatValue(values[part.operand], part);
  }
  if (!reordered && next < values.length) {
    const extra = values.slice(next).map((value) => (value === undefined ? '<nil>' : withType(value, plain)));
    text += `%!(EXTRA ${extra.join(', ')})`;
  }
  return text;
}

/** Go's `fmt.Sprint`: blanks between operands of which neither is a text. */
export function goSprint(values: readonly GoValue[]): string {
  let text = '';
  values.forEach((value, index) => {
    const before = values[index - 1];
    if (index > 0 && typeof value !== 'string' && typeof before !== 'string') text += ' ';
    text += formatValue(value, plain);
  });
  return text;
}

/** Go's `fmt.Sprintln`: blanks between all operands, a newline at the end. */
export function goSprintln(values: readonly GoValue[]): string {
  return `${values.map((value) => formatValue(value, plain)).join(' ')}\n`;
}

const plain: Directive = { operand: 0, verb: 'v', flags: '', width: undefined, precision: undefined };

/** One operand as a directive wants it. */
function formatValue(value: GoValue, directive: Directive): string {
  const { verb } = directive;
  if (value === undefined) return verb === 'T' || verb === 'v' ? pad('<nil>', directive) : `%!${verb}(<nil>)`;
  if (verb === 'T') return pad(goTypeName(value), directive);
  const formatted = formatKnown(value, directive);
  return formatted ?? `%!${verb}(${withType(value, { ...directive, verb: 'v' })})`;
}

/** The operand under a verb that suits it; `undefined` for one that doesn't. */
function formatKnown(value: Exclude<GoValue, undefined>, directive: Directive): string | undefined {
  switch (typeof value) {
    case 'string':
      return formatString(value, directive);
    case 'boolean':
      return directive.verb === 't' || directive.verb === 'v' ? pad(value ? 'true' : 'false', directive) : undefined;
    case 'bigint':
      return formatInt(value, directive);
    case 'number':
      return formatFloat(value, directive);
    default:
      return formatMap(value, directive);
  }
}

function formatString(text: string, directive: Directive): string | undefined {
  const { flags } = directive;
  switch (directive.verb) {
    case 'v':
      return flags.includes('#') ? pad(goQuote(cut(text, directive)), directive) : pad(cut(text, directive), directive);
    case 's':
      return pad(cut(text, directive), directive);
    case 'q': {
      const shown = cut(text, directive);
      if (flags.includes('#') && canBackquote(shown)) return pad(`\`${shown}\``, directive);
      return pad(goQuote(shown, flags.includes('+')), directive);
    }
    case 'x':
    case 'X':
      return pad(hexBytes(text, directive), directive);
    default:
      return undefined;
  }
}

/** The bytes in hex: with `#` led by `0x`, with a blank between them where the flag says so. */
function hexBytes(text: string, { verb, flags, precision }: Directive): string {
  const bytes = encoder.encode(text).subarray(0, precision ?? Number.POSITIVE_INFINITY);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  if (digits.length === 0) return '';
  const lead = flags.includes('#') ? '0x' : '';
  const joined = flags.includes(' ') ? digits.map((pair) => lead + pair).join(' ') : lead + digits.join('');
  return verb === 'X' ? joined.toUpperCase() : joined;
}

function formatMap(value: ReadonlyMap<string, string>, directive: Directive): string | undefined {
  const entries = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown: (string | undefined)[] = entries.map(([key, text]) => {
    const left = formatString(key, directive);
    const right = formatString(text, directive);
    return left === undefined || right === undefined ? undefined : `${left}:${right}`;
  });
  if (shown.includes(undefined)) return undefined;
  if (directive.verb === 'v' && directive.flags.includes('#')) return `map[string]string{${shown.join(', ')}}`;
  return `map[${shown.join(' ')}]`;
}

function withType(value: Exclude<GoValue, undefined>, directive: Directive): string {
  return `${goTypeName(value)}=${formatKnown(value, directive) ?? ''}`;
}

/** The first characters that the precision leaves. */
function cut(text: string, { precision }: Directive): string {
  return precision === undefined ? text : [...text].slice(0, precision).join('');
}

/** The text filled up to the width: on its left, or with the flag `-` on its right. */
function pad(text: string, { width, flags }: Directive): string {
  if (width === undefined) return text;
  const missing = Math.max(0, width - [...text].length);
  if (flags.includes('-')) return text + ' '.repeat(missing);
  return (flags.includes('0') ? '0' : ' ').repeat(missing) + text;
}
