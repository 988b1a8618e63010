import { resolveLater } from '@hlb/plan';
import { expect, test } from 'vitest';
import { compileText } from '../../../../tests/support/compile-text.js';
import type { Level } from '../elaborate/evaluation.js';

const levels: readonly Level[] = ['O0', 'default'];

test('labels, ports and volumes of one branch are not in another', async () => {
  const program = `
fs base() { scratch; label "of" "both"; }
fs one() { base; label "of" "one"; label "more" "1"; expose "80"; volumes "/v"; downloadOCITarball "one.tar"; }
fs two() { base; label "two" "2"; downloadOCITarball "two.tar"; }
pipeline default() { stage one two; }`;
  const { plan } = await compileText(program, { sessionId: 'live' });
  const outputs = plan?.steps.flatMap((step) => (step.kind === 'output' ? step.outputs : [])) ?? [];
  const configs = outputs.map((output) =>
    output.kind === 'oci-tar' ? JSON.parse(resolveLater(output.config, new Map())).config : undefined,
  );
  expect(configs).toMatchObject([
    { Labels: { of: 'one', more: '1' }, ExposedPorts: { '80': {} }, Volumes: { '/v': {} } },
    { Labels: { of: 'both', two: '2' } },
  ]);
  expect(configs[1]).not.toHaveProperty('ExposedPorts');
  expect(configs[1]).not.toHaveProperty('Volumes');
});

test.each(levels)('a difference needs of the session what both its sides need: %s', async (level) => {
  const program = `
fs base() { image "busybox"; copy fs { local "ctx"; } "/" "/"; }
fs default() {
	base
	run "x" with option { secret "key" "/key"; ssh; }
	diff base
}`;
  const { plan } = await compileText(program, {
    level,
    sessionId: 'live',
    host: { path: async (path) => ({ kind: path.endsWith('key') ? 'file' : 'directory', realPath: path }) },
  });
  const session = plan?.steps.at(-1)?.session;
  expect(session?.directories.map(({ path }) => path)).toEqual(['/work/ctx']);
  expect(session?.secrets.map(({ path }) => path)).toEqual(['/work/key']);
  expect(session?.agents).toHaveLength(1);
});
