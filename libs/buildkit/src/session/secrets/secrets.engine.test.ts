import { writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { OnEngine } from '../../fixtures/on-engine.js';

test('secrets of every source as files, and optional ones', async () => {
  const on = await OnEngine.open();
  writeFileSync(on.path('secret'), 'from a file');
  vi.stubEnv('A_SECRET_OF_A_TEST', 'from a variable');
  const asked: string[] = [];
  on.session.addSecret({ id: 'a', source: { kind: 'file', path: on.path('secret') } });
  on.session.addSecret({ id: 'b', source: { kind: 'value', value: 'a value' } });
  on.session.addSecret({ id: 'c', source: { kind: 'env', name: 'A_SECRET_OF_A_TEST' } });
  const get = async (id: string): Promise<string> => {
    asked.push(id);
    return `asked for ${id}`;
  };
  on.session.addSecret({ id: 'd', source: { kind: 'callback', get } });
  const secrets = [
    ...['a', 'b', 'c', 'd'].map((id) => ({ id, target: `/run/${id}` })),
    { id: 'absent', target: '/run/absent', optional: true },
  ];
  const said = await on.run('cd /run; for s in a b c d; do cat $s; echo; done; ls', { secrets });
  vi.unstubAllEnvs();
  expect(said).toBe('from a file\na value\nfrom a variable\nasked for d\na\nb\nc\nd\n');
  expect(new Set(asked)).toEqual(new Set(['d']));
});

test('a secret that is wanted and was not given fails the step by its id', async () => {
  const on = await OnEngine.open();
  // Docker 20.10 has another wording.
  await expect(on.run('true', { secrets: [{ id: 'absent', target: '/run/x' }] })).rejects.toThrow(
    /^(.*: )?(secret )?absent( not found)?: not found$/s,
  );
});

test('a secret as a variable, or the release that brought them', async () => {
  const on = await OnEngine.open();
  on.session.addSecret({ id: 'b', source: { kind: 'value', value: 'a value' } });
  const printed = on.run('echo $B', { secrets: [{ id: 'b', env: 'B' }] });
  if (on.caps.llb.has('exec.secretenv')) expect(await printed).toBe('a value\n');
  else {
    await expect(printed).rejects.toMatchObject({
      code: 'UNIMPLEMENTED',
      message: expect.stringContaining('exec.secretenv (it needs BuildKit 0.10 or newer)'),
    });
  }
});

test('a secret that is too large fails the step by its id', async () => {
  const on = await OnEngine.open();
  on.session.addSecret({ id: 'big', source: { kind: 'value', value: 'x'.repeat(600_000) } });
  await expect(on.run('true', { secrets: [{ id: 'big', target: '/run/x' }] })).rejects.toThrow(
    'secret big has 600000 bytes',
  );
});
