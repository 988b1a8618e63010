import { sourceFile, span } from '@hlb/diagnostics';
import type { Origin } from '@hlb/ir';
import type { SourceLocation } from '@hlb/llb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallStack } from './call-stack.js';

const source = sourceFile('a.hlb', 'x');
const file = { filename: 'a.hlb', data: new Uint8Array(), language: 'HLB' };

/** Calls of which each stands in an earlier one or in none. */
const calls = fc.array(fc.nat(), { minLength: 1, maxLength: 30 }).map((callers) => {
  const made: Origin[] = [];
  for (const number of callers) made.push({ span: span(source, 0, 1), caller: made[number % (made.length + 1)] });
  return made;
});

function around(call: Origin | undefined, most: number): readonly Origin[] {
  const found: Origin[] = [];
  for (let at = call; at !== undefined && found.length < most; at = at.caller) found.push(at);
  return found.reverse();
}

test('gives the calls around each op, in whatever order they are asked for', () => {
  fc.assert(
    fc.property(calls, fc.array(fc.nat(), { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (made, asked, most) => {
      const located = new Map<SourceLocation, Origin>();
      const stack = new CallStack((call) => {
        const location = { file, ranges: [] };
        located.set(location, call);
        return location;
      });
      for (const number of asked) {
        const call = made[number % (made.length + 1)];
        const locations = stack.around(call, most).slice(-most);
        expect(locations.map((location) => located.get(location))).toEqual(around(call, most));
      }
    }),
  );
});

test('a call that is left and those around it are the same locations for the next', () => {
  const outer: Origin = { span: span(source, 0, 1), caller: undefined };
  const inner: Origin = { span: span(source, 0, 1), caller: outer };
  const stack = new CallStack(() => ({ file, ranges: [] }));
  const [first] = stack.around(outer, 10);
  expect(stack.around(inner, 10)[0]).toBe(first);
  expect(stack.around(outer, 10)).toHaveLength(1);
  expect(stack.around(outer, 10)[0]).toBe(first);
});
