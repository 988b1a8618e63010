import { usageError } from '../command-error.js';

/** `type=local,dest=out` as its fields, in order. */
export type Fields = ReadonlyMap<string, string>;

/**
 * The parts of a line of comma-separated values. A part in quotes may hold commas, and quotes that are doubled.
 * @throws SyntaxError that says what is wrong
 */
export function splitCsv(line: string): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; ; at += 1) {
    const [part, end] = line[at] === '"' ? quotedPart(line, at) : plainPart(line, at);
    parts.push(part);
    at = end;
    if (at >= line.length) return parts;
    if (line[at] !== ',') throw new SyntaxError('a comma must follow the quote that ends a part');
  }
}

function plainPart(line: string, start: number): readonly [string, number] {
  const comma = line.indexOf(',', start);
  const end = comma < 0 ? line.length : comma;
  const part = line.slice(start, end);
  if (part.includes('"')) throw new SyntaxError(`quotes must stand around a whole part, as in "ref=a,b"`);
  return [part, end];
}

function quotedPart(line: string, start: number): readonly [string, number] {
  let part = '';
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] !== '"') part += line[at];
    else if (line[at + 1] === '"') {
      part += '"';
      at += 1;
    } else return [part, at + 1];
  }
  throw new SyntaxError('a quote is not closed');
}

/**
 * Reads `key=value,…`: keys in lower case, each once.
 * @param option for messages: `--cache-to`
 * @throws CommandError with exit code 2
 */
export function readFields(option: string, text: string): Fields {
  const fields = new Map<string, string>();
  for (const part of parts(option, text)) {
    const at = part.indexOf('=');
    if (at < 1) throw badValue(option, text, `${JSON.stringify(part)} is not of the form KEY=VALUE`);
    const key = part.slice(0, at).trim().toLowerCase();
    if (fields.has(key)) throw badValue(option, text, `${key} is given twice`);
    fields.set(key, part.slice(at + 1).trim());
  }
  return fields;
}

/** The parts of an option's value. */
export function parts(option: string, text: string): readonly string[] {
  try {
    return splitCsv(text);
  } catch (error) {
    throw badValue(option, text, error instanceof Error ? error.message : String(error));
  }
}

/** What is wrong with an option's value: exit code 2. */
export function badValue(
  option: string,
  text: string,
  fault: string,
  ...helps: readonly string[]
): ReturnType<typeof usageError> {
  return usageError(`${option} ${JSON.stringify(text)}: ${fault}`, ...helps);
}

/** A word that Go reads as a truth value; `undefined` of others. */
export function truth(text: string): boolean | undefined {
  if (/^(1|t|true)$/i.test(text)) return true;
  return /^(0|f|false)$/i.test(text) ? false : undefined;
}

/** A line of comma-separated values, as `splitCsv` reads it. */
export function joinCsv(values: readonly string[]): string {
  return values.map((value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
}
