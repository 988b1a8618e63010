import { describe, expect, test } from 'vitest';
import { compileCase, record } from '../../../tests/support/compile-case.js';
import { conformanceCases } from '../../../tests/support/conformance.js';
import { masked, normal } from '../../../tests/support/masked-llb.js';

const cases = conformanceCases().filter(
  ({ area, expect: wanted }) => wanted['mode'] === undefined && area !== 'import' && area !== 'error-import',
);

describe('compiled programs at -O0', () => {
  const compiled = cases.filter(
    ({ expect: wanted }) => 'ops' in wanted || 'parallel' in wanted || 'sequential' in wanted,
  );
  test.each(compiled.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { result, json } = await compileCase(each);
    expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const got = masked(record(json));
    for (const key of ['ops', 'terminal', 'parallel', 'sequential', 'solve', 'session', 'sourceInfos']) {
      expect(normal(record(got)[key]), key).toEqual(normal(each.expect[key]));
    }
    expect(sorted(got.effects), 'effects').toEqual(sorted(each.expect['effects']));
  });
});

function sorted(effects: unknown): readonly string[] {
  return (Array.isArray(effects) ? effects : []).map((effect) => JSON.stringify(normal(effect), null, 1)).sort();
}
