import { nearest } from '@hlb/diagnostics';
import { type CommandError, usageError } from '../command-error.js';

export type Values = Readonly<Record<string, unknown>>;

/** Reads the values of a configuration, and names the key of one that is wrong. */
export class Reader {
  readonly #shown: string;

  constructor(shown: string) {
    this.#shown = shown;
  }

  wrong(key: string, fault: string, ...helps: readonly string[]): CommandError {
    return usageError(`${this.#shown}: ${key === '' ? 'the configuration' : key} ${fault}`, ...helps);
  }

  /** An object that has no keys but these; `place` of the docs lists them where they are many. */
  record(key: string, value: unknown, known: readonly string[], listed?: string): Values {
    if (!isRecord(value)) throw this.wrong(key, 'must be an object');
    for (const name of Object.keys(value)) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      const help = near !== undefined ? `Did you mean ${near}?` : keyHelp(known, listed);
      throw this.wrong(key === '' ? name : `${key}.${name}`, 'is no key that there is', help);
    }
    return value;
  }

  list(key: string, value: unknown): readonly unknown[] {
    if (!isList(value)) throw this.wrong(key, 'must be a list');
    return value;
  }

  /** One name, or a list of names. */
  names(key: string, value: unknown): readonly string[] {
    if (value === undefined) return [];
    const names = isList(value) ? value : [value];
    if (!names.every(isText)) throw this.wrong(key, 'must be the name of a pass, or a list of names');
    return names;
  }
}

function keyHelp(known: readonly string[], listed: string | undefined): string {
  return listed === undefined
    ? `Keys: ${known.filter((name) => !name.startsWith('$')).join(', ')}.`
    : `Use a name or a code that ${listed} shows.`;
}

export function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
