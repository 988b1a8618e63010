import { describe, expect, test } from 'vitest';
import * as face from '../index.js';
import { CALLS, container, credentials, errorOf, isTold, process_, session } from './fixtures/public-calls.js';

/* What programs without types get wrong is told in our words: never in those of the engine of JavaScript, and never by an endless wait. */

/** As the engines of JavaScript put it, or Node of what we have handed on. */
const FOREIGN = /Cannot (read|set|destructure|convert|use)|is not (a function|iterable|a constructor)|argument must be/;

/** What stands for one of each kind of value. */
const VALUES: readonly unknown[] = [undefined, null, 5, Number.NaN, 5n, 'text', '', true, [], {}, [null], Symbol('x')];

describe.each(Object.keys(CALLS))('%s', (name) => {
  const { required, given, anything = [], isOwn } = CALLS[name] ?? { required: 0, given: () => [] };

  test('takes what it should', async () => {
    const error = await errorOf(name, given());
    expect(String(error)).not.toMatch(FOREIGN);
    expect(error).not.toBeInstanceOf(TypeError);
  });

  test('with nothing', async () => {
    if (required === 0) return;
    const error = await errorOf(name, []);
    if (anything.includes(0)) expect(String(error)).not.toMatch(FOREIGN);
    else expect(error).toSatisfy(isTold);
  });

  test('with each wrong value in each place', async () => {
    for (const [place] of given().entries()) {
      for (const value of VALUES) {
        if (isOwn?.(value) === true) continue;
        const error = await errorOf(name, given().with(place, value));
        const what = `${name}: argument ${place + 1} as ${String(value)}`;
        expect(String(error), what).not.toMatch(FOREIGN);
        if (anything.includes(place)) continue;
        // What is right of these is known by its form: a text for a text, an object without what is required.
        if (value === null || typeof value === 'symbol') expect(error, what).toSatisfy(isTold);
        if (value === undefined && place < required) expect(error, what).toSatisfy(isTold);
      }
    }
  });
});

/** Methods that take nothing. */
const BARE = new Set(['cancel', 'close', 'constructor', 'create', 'disconnect', 'end', 'inputs']);

test('every call of the public face is in the table', () => {
  const methods = (of: string, prototype: object): readonly string[] =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([method, { value }]) =>
      typeof value === 'function' && !BARE.has(method) ? [`${of}.${method}`] : [],
    );
  const found = Object.entries(face).flatMap(([name, value]) => {
    if (typeof value !== 'function') return [];
    return /^[A-Z]/.test(name) ? methods(name, value.prototype) : [name];
  });
  const made = { Session: session, Container: container, ContainerProcess: process_ };
  const instances = Object.entries(made).flatMap(([of, instance]) => methods(of, Object.getPrototypeOf(instance)));
  const served = [...Object.keys(credentials).map((key) => `CredentialSource.${key}`), 'ServedCaches.finish'];
  // A gateway has all methods of what it is made of, and a frontend those; those of a call take what its method says.
  const expected = [...found, ...instances, ...served]
    .map((name) => name.replace(/^GatewayWork\./, 'Gateway.'))
    .filter((name) => !name.startsWith('Call.'));
  expect(Object.keys(CALLS).sort()).toEqual([...new Set(expected)].sort());
});

test.each([face.Call, face.Connection, face.Frontend, face.Gateway, face.GatewayWork])(
  'a $name made by hand',
  (made) => {
    for (const init of [undefined, null, 5, {}]) {
      expect(() => Reflect.construct(made, [init])).toThrow(/makes one, it is not to be made by hand$/);
    }
  },
);

test.each([face.BuildkitError, face.Capabilities, face.OciLayout])('a $name of nothing', (made) => {
  for (const given of [[], [null], [{}]]) expect(() => Reflect.construct(made, given)).toThrow(/must be/);
});
