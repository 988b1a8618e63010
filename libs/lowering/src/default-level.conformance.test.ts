import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileCase, record } from '../../../tests/support/compile-case.js';
import { conformanceCases } from '../../../tests/support/conformance.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

test('the README names the programs whose results differ above -O0', { timeout: 120_000 }, async () => {
  const listed = [...readme.matchAll(/^\| `((?!src)\w+\/[\w-]+)` \|/gm)].map(([, name]) => name).sort();
  const differing: string[] = [];
  for (const each of conformanceCases()) {
    const { area, expect: wanted } = each;
    const compiled = 'ops' in wanted || 'parallel' in wanted || 'sequential' in wanted;
    if (!compiled || 'mode' in wanted || area === 'import') continue;
    const [exact, better] = await Promise.all([compileCase(each, 'O0'), compileCase(each, 'default')]);
    if (text(exact.json) !== text(better.json)) differing.push(each.name);
  }
  expect(differing.sort()).toEqual(listed);
});

/** Without what differs between any two compiles: values of runs that ignore the cache, and digests of what they are in. */
function text(json: unknown): string {
  const whole = JSON.stringify(json);
  if (!whole.includes('HLB_IGNORE_CACHE=')) return whole;
  const ops = record(json)['ops'];
  return JSON.stringify(Array.isArray(ops) ? ops.map((op) => record(record(op)['op'])['exec']) : ops).replace(
    /HLB_IGNORE_CACHE=[\w-]+/g,
    '',
  );
}
