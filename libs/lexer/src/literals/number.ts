/** The largest value of an `int`: 64 bits, signed. There are no negative literals. */
const LARGEST = 2n ** 63n - 1n;

export type NumberBase = 2 | 8 | 10 | 16;

/** What a number token's text stands for, or why it stands for nothing. */
export type NumberReading =
  | { readonly base: NumberBase; readonly value: bigint }
  | { readonly base: NumberBase; readonly problem: 'digit' | 'too-large' };

const digits: Record<NumberBase, RegExp> = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^[0-9]+$/, 16: /^[0-9a-fA-F]+$/ };

/** Numbers that were read before, some at most: those of a program repeat, and a shared value takes no room. */
const known = new Map<string, NumberReading>();
const MOST_KNOWN = 1000;

/** Reads the text of a `decimal` or `numeric` token: digits, or `0b`, `0o`, `0x` (either case) and digits. */
export function readNumber(text: string): NumberReading {
  const before = known.get(text);
  if (before !== undefined) return before;
  const reading = readDigits(text);
  if (known.size === MOST_KNOWN) known.clear();
  known.set(text, reading);
  return reading;
}

function readDigits(text: string): NumberReading {
  const base = baseOf(text);
  const body = base === 10 ? text : text.slice(2);
  if (!digits[base].test(body)) return { base, problem: 'digit' };
  // Most numbers are short: a double is exact to 53 bits, which 13 hexadecimal digits are at most.
  if (body.length <= 13) return { base, value: BigInt(Number.parseInt(body, base)) };
  const significant = body.replace(/^0+/, '') || '0';
  // 63 bits are the most digits that any base has; more would only make a huge number to throw away.
  if (significant.length > 63) return { base, problem: 'too-large' };
  const value = BigInt(base === 10 ? significant : `${text.slice(0, 2).toLowerCase()}${significant}`);
  return value > LARGEST ? { base, problem: 'too-large' } : { base, value };
}

function baseOf(text: string): NumberBase {
  if (text.length < 3 || text[0] !== '0') return 10;
  switch (text[1]) {
    case 'b':
    case 'B':
      return 2;
    case 'o':
    case 'O':
      return 8;
    case 'x':
    case 'X':
      return 16;
    default:
      return 10;
  }
}
