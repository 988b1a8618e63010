/*
 * Forms that a type checker would have asked for, where callers have none. What an engine or the system would say of a wrong one comes
 * late, far from the mistake, and in words that name no argument.
 */

/** What a value must be: a sentence about `name` where it isn't, `undefined` where it is. */
export type Form = (value: unknown, name: string) => string | undefined;

/**
 * Makes sure that a call was given what it takes.
 * @param call its name, for the sentence
 * @param given its arguments by their names, in order
 * @throws TypeError
 */
export function checkArguments(call: string, given: Readonly<Record<string, readonly [unknown, Form]>>): void {
  for (const [name, [value, form]] of Object.entries(given)) {
    const problem = form(value, name);
    if (problem !== undefined) throw new TypeError(`${call}: ${problem}`);
  }
}

/** Of values for which a test says yes. */
export function form(words: string, test: (value: unknown) => boolean): Form {
  return (value, name) => (test(value) ? undefined : `${name} must be ${words}, not ${kindOf(value)}`);
}

export const TEXT: Form = form('a text', (value) => typeof value === 'string');
/** A text that says something. */
export const WORD: Form = form('a text that is not empty', (value) => typeof value === 'string' && value !== '');
export const FLAG: Form = form('true or false', (value) => typeof value === 'boolean');
export const CALLBACK: Form = form('a function', (value) => typeof value === 'function');
export const BIGINT: Form = form('a bigint, as 5n', (value) => typeof value === 'bigint');
export const COUNT: Form = form(
  'a whole number from 0 on',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
/** Of time. */
export const MILLISECONDS: Form = form('a number of milliseconds', (value) => typeof value === 'number' && value >= 0);
export const BYTES: Form = form('a Uint8Array', (value) => value instanceof Uint8Array);
export const TEXT_OR_BYTES: Form = form(
  'a text or a Uint8Array',
  (value) => typeof value === 'string' || value instanceof Uint8Array,
);
export const OBJECT: Form = form('an object', (value) => recordOf(value) !== undefined && !Array.isArray(value));
/** Also one of another realm, and of who has made one of his own. */
export const SIGNAL: Form = having('an AbortSignal', 'addEventListener', 'throwIfAborted');
export const STREAM: Form = having('a stream', 'pipe', 'on');
/** For text that is written to it. */
export const WRITABLE: Form = having('a stream to write to', 'write', 'end', 'on');

/** Of objects with these methods. */
export function having(words: string, ...methods: readonly string[]): Form {
  return form(words, (value) => methods.every((method) => typeof fieldOf(value, method) === 'function'));
}

/** Of one of these texts. */
export function oneOf(...texts: readonly string[]): Form {
  const words = texts.map((known) => `'${known}'`).join(', ');
  return form(`one of ${words}`, (value) => typeof value === 'string' && texts.includes(value));
}

/** What may be absent. `null` is not: it is a value that somebody has given. */
export function optional(inner: Form): Form {
  return (value, name) => (value === undefined ? undefined : inner(value, name));
}

/** Of lists, each of whose elements has a form. A text is none, though it can be gone through as well. */
export function list(of: Form): Form {
  return (value, name) => {
    if (!Array.isArray(value)) return `${name} must be a list, not ${kindOf(value)}`;
    return firstProblem(value.map((element, place) => [element, `${name}[${place}]`, of] as const));
  };
}

/** Of Maps from texts. */
export function map(of: Form): Form {
  return (value, name) => {
    if (!(value instanceof Map)) {
      return `${name} must be a Map, as new Map(Object.entries({ … })) makes of an object, not ${kindOf(value)}`;
    }
    for (const key of value.keys()) if (typeof key !== 'string') return TEXT(key, `each key of ${name}`);
    return firstProblem([...value].map(([key, element]) => [element, `${name}: ${key}`, of] as const));
  };
}

/** Of objects with these fields; others are not looked at. */
export function fields(of: Readonly<Record<string, Form>>): Form {
  return (value, name) =>
    OBJECT(value, name) ??
    firstProblem(
      Object.entries(of).map(([field, inner]) => [fieldOf(value, field), `${name}.${field}`, inner] as const),
    );
}

/** Of objects whose `kind` says which fields they have. */
export function kinds(of: Readonly<Record<string, Form>>): Form {
  const known = oneOf(...Object.keys(of));
  return (value, name) => {
    const problem = OBJECT(value, name) ?? known(fieldOf(value, 'kind'), `${name}.kind`);
    return problem ?? of[String(fieldOf(value, 'kind'))]?.(value, name);
  };
}

/**
 * Of classes whose instances come from a function: who makes one by hand is told of it.
 * @throws TypeError
 */
export function checkMade<Init>(init: Init, of: string, by: string, ...needed: readonly string[]): Init {
  if (needed.some((field) => fieldOf(init, field) === undefined)) {
    throw new TypeError(`${of}: ${by} makes one, it is not to be made by hand`);
  }
  return init;
}

function firstProblem(values: Iterable<readonly [value: unknown, name: string, of: Form]>): string | undefined {
  for (const [value, name, of] of values) {
    const problem = of(value, name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function recordOf(value: unknown): object | undefined {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : undefined;
}

function fieldOf(value: unknown, field: string): unknown {
  const record = recordOf(value);
  return record === undefined ? undefined : Reflect.get(record, field);
}

/** What somebody has given, without showing it: it may be a secret. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty one' : 'a text';
    case 'boolean':
      return String(value);
    case 'number':
      return `the number ${value}`;
    case 'bigint':
      return `the bigint ${value}n`;
    case 'function':
      return 'a function';
    default:
      return nameOf(value);
  }
}

/** `a Session`, `an Exporter`, of what has a class. */
function nameOf(value: unknown): string {
  const made = fieldOf(value, 'constructor');
  const name = typeof made === 'function' && made !== Object ? made.name : '';
  return name === '' ? 'an object' : `${/^[AEIOU]/i.test(name) ? 'an' : 'a'} ${name}`;
}
