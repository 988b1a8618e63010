import { decodeOp, digestOf } from '@hlb/llb';
import { resolveLater } from '@hlb/plan';
import { expect, test } from 'vitest';
import { compileText, shown } from '../../../../../tests/support/compile-text.js';

const program = `fs base() {
	image "busybox"
}
fs tool(string name) {
	base
	run name
	copy base "/" "/"
}
fs default() {
	scratch
	copy tool("one") "/" "/1"
	copy tool("two") "/" "/2"
}`;

/** The names of the groups of all vertices, with how often each occurs; ids stand for themselves. */
async function groups(level: 'O0' | 'default'): Promise<Record<string, { count: number; ids: Set<string> }>> {
  const { plan, diagnostics } = await compileText(program, { sessionId: 'live', level });
  const step = plan?.steps.at(-1);
  if (step === undefined || step.kind === 'frontend' || step.kind === 'fact')
    throw new Error(diagnostics.map(shown).join('\n'));
  const { def, metadata } = resolveLater(step.definition, new Map());
  const found: Record<string, { count: number; ids: Set<string> }> = {};
  for (const bytes of def) {
    if (decodeOp(bytes).op === undefined) continue;
    const group = metadata.get(digestOf(bytes))?.progressGroup;
    const name = group?.name ?? 'none';
    const entry = found[name] ?? { count: 0, ids: new Set<string>() };
    found[name] = entry;
    entry.count += 1;
    if (group !== undefined) entry.ids.add(group.id);
  }
  return found;
}

test('vertices are in the group of the call that made them, those of the target itself in none', async () => {
  const found = await groups('default');
  expect(Object.entries(found).map(([name, { count }]) => [name, count])).toEqual(
    expect.arrayContaining([
      ['base (p.hlb:5)', 1],
      ['tool (p.hlb:11)', 2],
      ['tool (p.hlb:12)', 2],
      ['none', 2],
    ]),
  );
  const ids = Object.values(found).flatMap((group) => [...group.ids]);
  expect(new Set(ids).size).toBe(3);
  expect(await groups('default')).toEqual(found);
});

test('at -O0 there are none, as in the reference', async () => {
  expect(Object.keys(await groups('O0'))).toEqual(['none']);
});
