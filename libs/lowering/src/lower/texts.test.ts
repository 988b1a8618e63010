import { expect, test } from 'vitest';
import { compileText, shown } from '../../../../tests/support/compile-text.js';

const pushed = `
fs made() {
	scratch
	mkfile "/a" 0o644 "a"
	dockerPush "acme/f" as pin
}
`;

test.each([
  [
    'localRun("echo ${pin}")',
    /^HLB0531 10:29 commands of this host run before anything is built/,
    /`run` may be given/,
  ],
  ['manifest("acme/f@${pin}")', /^HLB0531 10:29 registries are asked before anything is built/, /by another `hlb run`/],
])('%s, which would have to wait for a push, is told at its call, with what to do', async (text, message, help) => {
  const program = `${pushed}
fs default() {
	scratch
	mkfile "/x" 0o644 ${text}
}
`;
  const { plan, diagnostics } = await compileText(program);
  expect(plan).toBeUndefined();
  expect(diagnostics.map(shown)).toEqual([expect.stringMatching(message)]);
  expect(diagnostics[0]?.helps.join('\n')).toMatch(help);
});

test('a run may be given the digest of a push', async () => {
  const program = `${pushed}
fs default() {
	image "busybox"
	run "echo \${pin}"
}
`;
  const { plan, diagnostics } = await compileText(program);
  expect(diagnostics).toEqual([]);
  expect(plan?.steps.at(-1)).toMatchObject({ kind: 'solve', definition: { kind: 'later' } });
});
