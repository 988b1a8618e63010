import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import {
  checkArguments,
  checkMade,
  type Form,
  fields,
  kinds,
  list,
  map,
  optional,
  SIGNAL,
  STREAM,
  TEXT,
} from './forms.js';

const told = (value: unknown, form: Form): string => {
  try {
    checkArguments('call', { given: [value, form] });
    return '';
  } catch (error) {
    return error instanceof TypeError ? error.message : 'something else';
  }
};

class Odd {}

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [5, 'the number 5'],
  [Number.NaN, 'the number NaN'],
  [5n, 'the bigint 5n'],
  [true, 'true'],
  [[], 'a list'],
  [{}, 'an object'],
  [Object.create(null), 'an object'],
  [new Odd(), 'an Odd'],
  [new Map(), 'a Map'],
  [Symbol('x'), 'an object'],
  [() => undefined, 'a function'],
])('what was given is named by its kind: %s', (value, kind) => {
  expect(told(value, TEXT)).toBe(`call: given must be a text, not ${kind}`);
});

test('what was given is not shown: it may be a secret', () => {
  expect(told('s3cret', list(TEXT))).toBe('call: given must be a list, not a text');
  expect(told({ a: 's3cret' }, fields({ a: SIGNAL }))).toBe('call: given.a must be an AbortSignal, not a text');
});

test('the place of what is wrong is named', () => {
  const form = fields({ rows: list(map(kinds({ a: fields({ x: TEXT }), b: fields({ y: optional(TEXT) }) }))) });
  const row = (value: unknown): object => ({ rows: [new Map(), new Map([['key', value]])] });
  expect(told(row({ kind: 'a', x: 'text' }), form)).toBe('');
  expect(told(row({ kind: 'b' }), form)).toBe('');
  expect(told(row({ kind: 'a', x: 1 }), form)).toBe('call: given.rows[1]: key.x must be a text, not the number 1');
  expect(told(row({ kind: 'c' }), form)).toBe("call: given.rows[1]: key.kind must be one of 'a', 'b', not a text");
  expect(told(row(null), form)).toBe('call: given.rows[1]: key must be an object, not null');
  expect(told({ rows: [new Map([[1, {}]])] }, form)).toBe(
    'call: each key of given.rows[0] must be a text, not the number 1',
  );
  expect(told({ rows: [{}] }, form)).toBe(
    'call: given.rows[0] must be a Map, as new Map(Object.entries({ … })) makes of an object, not an object',
  );
});

test('what may be absent may not be null', () => {
  expect(told(undefined, optional(TEXT))).toBe('');
  expect(told(null, optional(TEXT))).toBe('call: given must be a text, not null');
});

test('signals and streams of another make are such too', () => {
  const signal = { aborted: false, addEventListener: () => undefined, throwIfAborted: () => undefined };
  expect(told(signal, SIGNAL)).toBe('');
  expect(told(new AbortController(), SIGNAL)).toBe('call: given must be an AbortSignal, not an AbortController');
  expect(told(new PassThrough(), STREAM)).toBe('');
});

test('an instance that somebody makes by hand', () => {
  expect(() => checkMade(undefined, 'Gateway', 'openGateway', 'build')).toThrow(
    'Gateway: openGateway makes one, it is not to be made by hand',
  );
  expect(checkMade({ build: 1 }, 'Gateway', 'openGateway', 'build')).toEqual({ build: 1 });
});
