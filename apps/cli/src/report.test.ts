import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../tests/support/cli.js';

const unknown = (name: string): string => `\t${name}\n`;
const program = (...names: readonly string[]): string => `fs default() {\n\tscratch\n${names.map(unknown).join('')}}\n`;

test('what is wrong is followed by the page that explains it, once for a code', async () => {
  const cwd = await folderWith({ 'one.hlb': program('nothing'), 'two.hlb': program('nothing', 'nowhere') });
  const one = await cli(['check', 'one.hlb'], { cwd });
  expect(one.code).toBe(1);
  const code = /^error (HLB\d{4}):/.exec(one.stderr)?.[1] ?? '';
  expect(one.stderr).toMatch(new RegExp(`\\n\\nhlb help ${code} explains this\\n$`));
  expect((await cli(['help', code], { cwd })).stdout).toContain(code);
  const two = await cli(['check', 'two.hlb'], { cwd });
  expect(two.stderr).toMatch(new RegExp(`\\n\\n2 errors\\nhlb help ${code} explains these\\n$`));
  const json = await cli(['check', '--json', 'one.hlb'], { cwd });
  expect(json.stderr).toBe('');
});

test('several codes are named on one line', async () => {
  const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tnothing\n\timage 1\n}\n' });
  const { stderr } = await cli(['check', 'build.hlb'], { cwd });
  expect(stderr).toMatch(/\n\n2 errors\nhlb help (HLB\d{4}) explains the first; likewise (?!\1)HLB\d{4}\n$/);
});

const onActions = (root: string): NodeJS.ProcessEnv => ({
  HOME: process.env.HOME,
  PATH: process.env.PATH,
  GITHUB_ACTIONS: 'true',
  GITHUB_WORKSPACE: root,
});

test.each([
  ['run', ['run', 'build.hlb']],
  ['check', ['check', 'build.hlb']],
  ['lint', ['lint', 'build.hlb']],
])('on GitHub Actions mistakes that %s finds are annotations, at paths of the repository', async (_name, args) => {
  const root = await folderWith({ 'services/web/build.hlb': program('nothing') });
  const { code, stderr } = await cli(args, { cwd: join(root, 'services', 'web'), env: onActions(root) });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error HLB\d{4}: /);
  expect(stderr.match(/^::.*$/gm)).toEqual([
    expect.stringMatching(
      /^::error file=services\/web\/build\.hlb,line=3,endLine=3,col=2,endColumn=9,title=HLB\d{4}::/,
    ),
  ]);
});

test('the form of lint for GitHub has the same paths; what lies outside of the repository keeps its name', async () => {
  const root = await folderWith({ 'web/build.hlb': program('nothing') });
  const args = ['lint', '--format', 'github', 'build.hlb'];
  const inside = await cli(args, { cwd: join(root, 'web'), env: onActions(root) });
  expect(inside.stdout).toMatch(/^::error file=web\/build\.hlb,/);
  const outside = await cli(args, { cwd: join(root, 'web'), env: onActions(join(root, 'elsewhere')) });
  expect(outside.stdout).toMatch(/^::error file=build\.hlb,/);
});

test('commands of the runner in a program or a file name are shown, not obeyed', async () => {
  const text = 'fs default() {\n\tscratch\n::error::stolen\n\tnothing "##[add-path]/evil"\n}\n';
  const root = await folderWith({ 'build.hlb': text });
  const mistake = await cli(['check', 'build.hlb'], { cwd: root, env: onActions(root) });
  const missing = await cli(['check', '::stop-commands::x'], { cwd: root, env: onActions(root) });
  for (const line of `${mistake.stderr}\n${missing.stderr}`.split('\n')) {
    if (!/^::error file=build\.hlb,/.test(line)) expect(line).not.toMatch(/^\s*::/);
    if (!line.startsWith('::')) expect(line).not.toContain('##[');
  }
  expect(mistake.stderr).toContain('## [add-path]');
});
