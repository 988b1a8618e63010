import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../tests/support/cli.js';

const program = 'fs default() {\n\tlocal "."\n\tmkfile "/x" 0o644 "${localOs}"\n}\n';
const offline = ['dump', '--stage', 'llb', '--offline', '--timings'];

test('a table of stages and passes, aligned, on standard error', async () => {
  const cwd = await folderWith({ 'build.hlb': program });
  const { code, stdout, stderr } = await cli(offline, { cwd });
  expect(code).toBe(0);
  expect(stdout).toBe((await cli(['dump', '--stage', 'llb', '--offline'], { cwd })).stdout);
  const lines = stderr.trimEnd().split('\n');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  for (const line of lines.slice(1)) expect(line).toMatch(/^( {2})?\w[\w -]* +\d+\.\d ms +\d+\.\d %$/);
  const names = lines.map((line) => line.replace(/ {2,}\S* ?\S+ {2,}\S+ ?\S*$/, '').trimEnd());
  expect(names[0]).toMatch(/^stage/);
  const stages = names.slice(1).filter((name) => !name.startsWith('  '));
  expect(stages.map((name) => name.trim())).toEqual(
    expect.arrayContaining([
      'parse',
      'check',
      'elaborate',
      'host texts',
      'host paths',
      'passes',
      'engine',
      'lower',
      'whole',
    ]),
  );
  const passes = names.filter((name) => name.startsWith('  ')).map((name) => name.trim());
  expect(passes).toEqual(expect.arrayContaining(['fold-strings', 'check-values', 'dedupe-locals', 'prune']));
});

test('with --json one document, also on standard error', async () => {
  const cwd = await folderWith({ 'build.hlb': program });
  const { code, stdout, stderr } = await cli([...offline, '--json'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('ops');
  const { timings } = JSON.parse(stderr);
  const time = { stage: expect.any(String), milliseconds: expect.any(Number), share: expect.any(Number) };
  expect(timings.milliseconds).toEqual(expect.any(Number));
  for (const { passes, ...stage } of timings.stages) {
    expect(stage).toEqual(time);
    expect(passes === undefined).toBe(stage.stage !== 'passes');
    for (const pass of passes ?? []) expect(pass).toEqual(time);
  }
});

test('also of a program that fails, before what is wrong', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\timage ""\n}\n' });
  const { code, stderr } = await cli(offline, { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^stage .*\nparse .*[\s\S]*error HLB0504/);
});

test.each([
  ['dump', [...offline.slice(0, 4), '--timings']],
  ['run', ['run', '--timings']],
])('%s shows what was done of a program with mistakes', async (_, args) => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tnothing\n}\n' });
  const { code, stderr } = await cli(args, { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^stage +time +share\nparse .*\ncheck .*\nwhole .*\nerror HLB0301/m);
});
