import { type Call, callsAround } from '@hlb/plan';
import { expect, test } from 'vitest';
import { compileText } from '../../../../../tests/support/compile-text.js';

test('steps of pipelines that nest deep have the calls around them in common, and the steps that they follow', async () => {
  const depth = 2000;
  const pipelines = Array.from(
    { length: depth },
    (_, i) =>
      `pipeline p${i + 1}() { stage p${i} fs { leaf "a${i}"; }; stage fs { leaf "b${i}"; } fs { leaf "c${i}"; }; }`,
  );
  const { plan } = await compileText(
    `
fs leaf(string name) { image "a"; run name; }
pipeline p0() { stage fs { leaf "x"; }; }
${pipelines.join('\n')}
pipeline default() { stage p${depth}; }`,
    { sessionId: 'live' },
  );
  const steps = plan?.steps ?? [];
  expect(steps).toHaveLength(3 * depth + 1);
  const calls = new Set<Call>();
  for (const { call } of steps) for (let at = call; at !== undefined && !calls.has(at); at = at.caller) calls.add(at);
  // Of each step its own and that of its leaf, and the calls of pipelines, which many steps stand in.
  expect(calls.size).toBeLessThan(8 * depth);
  expect(callsAround(steps[0]?.call)).toHaveLength(depth + 3);
  const after = [...new Set(steps.map((each) => each.after))];
  expect(after.reduce((sum, list) => sum + list.length, 0)).toBeLessThan(4 * depth);
});
