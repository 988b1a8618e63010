import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';

const kit = 'export it\nfs it() {\n\tscratch\n\tmkfile "/it" 0o644 "it"\n}\n';
const nowhere = ['--engine', 'unix:///nowhere.sock'];

test('what is wrong with a module that is here is said before an engine is looked for', async () => {
  const cwd = await folderWith({
    'build.hlb': 'import kit from "kit.hlb"\n\nfs default() {\n\tkit.gone\n}\n',
    'kit.hlb': kit,
  });
  const { code, stderr } = await cli([...nowhere, 'run'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('HLB0324');
  expect(stderr).toContain('build.hlb:4:6');
  expect(stderr).not.toContain('nowhere.sock');
});

test('hlb check: mistakes in modules, and which imports were left out', async () => {
  const cwd = await folderWith({
    'build.hlb':
      'import kit from "lib/kit.hlb"\nimport far from image("far")\n\nfs default() {\n\tkit.it\n\tfar.it\n}\n',
    'lib/kit.hlb': 'export it\nfs it() {\n\tlost\n}\n',
  });
  const { code, stdout } = await cli(['check', '--json', 'build.hlb'], { cwd });
  expect(code).toBe(1);
  const { diagnostics } = JSON.parse(stdout);
  expect(
    diagnostics.map((one: { code: string; severity: string; labels: { file: string; start: object }[] }) => [
      one.code,
      one.severity,
      one.labels[0]?.file,
      one.labels[0]?.start,
    ]),
  ).toEqual([
    ['HLB0707', 'info', 'build.hlb', { line: 2, column: 8 }],
    ['HLB0301', 'error', 'lib/kit.hlb', { line: 3, column: 2 }],
  ]);
});

test('hlb check: what is left out is no mistake', async () => {
  const cwd = await folderWith({ 'build.hlb': 'import far from image("far")\n\nfs default() {\n\tfar.it\n}\n' });
  const { code, stderr } = await cli(['check', 'build.hlb'], { cwd });
  expect(code).toBe(0);
  expect(stderr).toContain('info HLB0707');
});

test('hlb dump --offline: modules that are files, from a program on standard input too', async () => {
  const cwd = await folderWith({ 'kit.hlb': kit });
  const stdin = 'import kit from "kit.hlb"\n\nfs default() {\n\tkit.it\n}\n';
  const { code, stdout } = await cli(['dump', '-', '--offline', '--stage', 'llb', '--json'], { cwd, stdin });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).ops[0].source).toEqual(['kit.hlb:4:2-4:8', '<stdin>:4:2-4:8']);
});
