import { sourceFile, span } from '@hlb/diagnostics';
import { expect, test } from 'vitest';
import { joinOrigins, makeOp, type Origin } from './index.js';

test('of ops that become one, a place in a call is one origin, however many objects say it', () => {
  const file = sourceFile('a.hlb', 'base other');
  const other = sourceFile('b.hlb', 'base other');
  const call = (): Origin => ({ span: span(file, 0, 4), caller: undefined });
  const outer = call();
  const inside = (): Origin => ({ span: span(file, 5, 10), caller: outer });
  const elsewhere: Origin = { span: span(other, 5, 10), caller: outer };
  const first = inside();
  const ops = [[first, call()], [inside(), elsewhere], [outer]].map((origins) => makeOp('scratch', {}, origins));
  const joined = joinOrigins(ops);
  expect(joined).toEqual([first, outer, elsewhere]);
  expect(joined[0]).toBe(first);
  expect(joinOrigins(ops.slice(0, 1))).toBe(ops[0]?.origins);
});
