import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SourcePolicy } from '@hlb/runtime';
import { CommandError, usageError } from '../command-error.js';
import { hostErrorText } from '../host-error.js';
import type { Io } from '../process/io.js';

type Rule = SourcePolicy['rules'][number];
type Selector = NonNullable<Rule['selector']>;
type Values = Readonly<Record<string, unknown>>;

const actions = { ALLOW: 0, DENY: 1, CONVERT: 2 } as const;
const matchTypes = { WILDCARD: 0, EXACT: 1, REGEX: 2 } as const;
const conditions = { EQUAL: 0, NOTEQUAL: 1, MATCHES: 2 } as const;

/** The policy of `--source-policy`, else of the variable that buildx reads, in BuildKit's JSON form. */
export async function readSourcePolicy(io: Io, flag: string | undefined): Promise<SourcePolicy | undefined> {
  const name = flag ?? io.env.EXPERIMENTAL_BUILDKIT_SOURCE_POLICY ?? '';
  if (name === '') return undefined;
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, name), 'utf8');
  } catch (error) {
    const message = `cannot read the source policy ${JSON.stringify(name)}: ${hostErrorText(error)}`;
    throw new CommandError(message, { exitCode: 2, cause: error });
  }
  try {
    return policyOf(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw usageError(`the source policy ${name} can't be used: ${error.message}`);
  }
}

/** Throws a `SyntaxError` that names the key that is wrong. */
function policyOf(value: unknown): SourcePolicy {
  const { version = 1, rules = [] } = record('the policy', value, ['version', 'rules']);
  if (version !== 1) throw new SyntaxError('version must be 1');
  return { version: 1n, rules: list('rules', rules).map((rule, place) => ruleOf(`rules[${place}]`, rule)) };
}

function ruleOf(key: string, value: unknown): Rule {
  const { action, selector, updates } = record(key, value, ['action', 'selector', 'updates']);
  if (selector === undefined) throw new SyntaxError(`${key}.selector is missing`);
  return {
    action: oneOf(`${key}.action`, action, actions),
    selector: selectorOf(`${key}.selector`, selector),
    updates: updates === undefined || updates === null ? undefined : updatesOf(`${key}.updates`, updates),
  };
}

function selectorOf(key: string, value: unknown): Selector {
  const {
    identifier,
    constraints = [],
    ...match
  } = record(key, value, ['identifier', 'matchType', 'match_type', 'constraints']);
  return {
    identifier: text(`${key}.identifier`, identifier),
    matchType: oneOf(`${key}.matchType`, match.matchType ?? match.match_type, matchTypes),
    constraints: list(`${key}.constraints`, constraints).map((one, place) => {
      const at = `${key}.constraints[${place}]`;
      const constraint = record(at, one, ['key', 'value', 'condition']);
      return {
        key: text(`${at}.key`, constraint.key),
        value: text(`${at}.value`, constraint.value),
        condition: oneOf(`${at}.condition`, constraint.condition, conditions),
      };
    }),
  };
}

function updatesOf(key: string, value: unknown): NonNullable<Rule['updates']> {
  const { identifier = '', attrs = {} } = record(key, value, ['identifier', 'attrs']);
  const values = Object.entries(record(`${key}.attrs`, attrs));
  return {
    identifier: text(`${key}.identifier`, identifier),
    attrs: new Map(values.map(([name, attr]) => [name, text(`${key}.attrs.${name}`, attr)])),
  };
}

/** A name of a list, or its number; absent for the first. */
function oneOf<Number extends 0 | 1 | 2>(key: string, value: unknown, names: Readonly<Record<string, Number>>): Number {
  const [first] = Object.values(names);
  if (value === undefined && first !== undefined) return first;
  const found = Object.entries(names).find(([name, number]) => value === number || value === name);
  if (found === undefined) throw new SyntaxError(`${key} must be one of ${Object.keys(names).join(', ')}`);
  return found[1];
}

function record(key: string, value: unknown, known?: readonly string[]): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SyntaxError(`${key} must be an object`);
  }
  const values: Values = { ...value };
  const other = known === undefined ? undefined : Object.keys(values).find((name) => !known.includes(name));
  if (other !== undefined) throw new SyntaxError(`${key} has the unknown key ${other}`);
  return values;
}

function list(key: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new SyntaxError(`${key} must be a list`);
  return value;
}

function text(key: string, value: unknown): string {
  if (typeof value !== 'string') throw new SyntaxError(`${key} must be a text`);
  return value;
}
