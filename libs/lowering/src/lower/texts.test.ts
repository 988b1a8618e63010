import { expect, test } from 'vitest';
import { compileText } from '../../../../tests/support/compile-text.js';

const pushed = `
fs made() {
	scratch
	mkfile "/a" 0o644 "a"
	dockerPush "acme/f" as pin
}
`;

test.each([
  ['localRun("echo ${pin}")', 'command-1', 'localRun echo …'],
  ['localRun("echo", pin)', 'command-1', 'localRun echo …'],
  ['manifest("acme/f@${pin}")', 'manifest-1', 'manifest acme/f@…'],
  ['localEnv("KEY_${pin}")', 'variable-1', 'localEnv KEY_…'],
])('%s waits for the push, in a step of its own', async (text, id, name) => {
  const program = `${pushed}
fs default() {
	scratch
	mkfile "/x" 0o644 ${text}
}
`;
  const { plan, diagnostics } = await compileText(program);
  expect(diagnostics).toEqual([]);
  expect(plan?.steps).toMatchObject([
    { kind: 'output', id: 'docker-push-1' },
    { kind: 'fact', id, name, needs: ['docker-push-1'], after: ['docker-push-1'] },
    { kind: 'solve', after: [id], definition: { kind: 'later', needs: [id] } },
  ]);
});

test('the config of an image that is only pushed then is asked for then, where a command runs on it', async () => {
  const program = `${pushed}
fs default() {
	image "acme/f@\${pin}"
	run "true"
}
`;
  const { plan } = await compileText(program);
  expect(plan?.steps).toMatchObject([
    { id: 'docker-push-1' },
    { kind: 'fact', asks: 'image-config', name: 'configuration of acme/f@…' },
    { kind: 'solve', after: ['image-config-1', 'docker-push-1'] },
  ]);
});

test('a command that nothing reads runs all the same, and before a later local is read', async () => {
  const program = `${pushed}
string sign() {
	localRun "sign \${pin}"
	localRun "echo done \${pin}"
}
fs before() { local "."; }
fs after() {
	scratch
	mkfile "/x" 0o644 sign
	copy local(".") "/" "/src"
}
`;
  const { plan, diagnostics } = await compileText(program, { targets: ['before', 'after'], sessionId: 's' });
  expect(diagnostics).toEqual([]);
  const after = (id: string) => plan?.steps.find((step) => step.id === id)?.after;
  expect(plan?.targets.map(({ steps }) => steps)).toEqual([
    ['solve-1'],
    ['docker-push-1', 'command-1', 'command-2', 'solve-2'],
  ]);
  expect(after('solve-1')).toEqual([]);
  expect(after('solve-2')).toEqual(expect.arrayContaining(['command-1', 'command-2']));
});

test('the stage after a push waits for the command that is given its digest', async () => {
  const program = `${pushed}
string sign() { localRun "sign \${pin}"; }
fs signed() {
	scratch
	mkfile "/x" 0o644 sign
}
fs other() {
	scratch
	mkfile "/y" 0o644 "y"
}
pipeline default() {
	stage signed
	stage other
}
`;
  const { plan } = await compileText(program);
  const [first, second] = [plan?.steps.find(({ name }) => /sign/.test(name)), plan?.steps.at(-1)];
  expect(first?.kind).toBe('fact');
  expect(second?.after).toContain(first?.id);
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
