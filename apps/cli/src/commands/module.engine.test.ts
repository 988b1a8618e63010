import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

function program(text: string): string {
  return `import kit from fs {
	scratch
	mkfile "module.hlb" 0o644 <<-\`M\`
		# what   the module says
		export it
		fs it() {
			scratch
			mkfile "/out" 0o644 "${text}"
		}
	M
}

fs default() {
	kit.it
	download "out"
}
`;
}

test('a module is built once, kept, and used without an engine; its program runs with the copy', async () => {
  const cwd = await folderWith({ 'build.hlb': program('one') });
  const engine = ['--engine', testEngine().address];
  const vendored = await cli([...engine, 'module', 'vendor'], { cwd });
  expect(vendored).toMatchObject({ code: 0, stdout: '' });
  const [, hex = ''] = /vendored kit {2}sha256:([0-9a-f]{64})\/module\.hlb/.exec(vendored.stderr) ?? [];
  const copy = `.hlb/modules/sha256/${hex.slice(0, 2)}/${hex}/module.hlb`;
  expect(readFileSync(join(cwd, copy), 'utf8')).toMatch(/^# what {3}the module says\nexport it\n/);

  const nowhere = ['--engine', 'unix:///nowhere.sock'];
  const tree = await cli([...nowhere, 'module', 'tree'], { cwd });
  expect(tree.stdout).toBe(`build.hlb\n└── [kit]  sha256:${hex.slice(0, 7)}/module.hlb\n`);

  writeFileSync(join(cwd, copy), readFileSync(join(cwd, copy), 'utf8').replace('one', 'copied'));
  const ran = await cli([...engine, 'run', '--log-output', 'quiet'], { cwd });
  expect(ran).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'out/out'), 'utf8')).toBe('copied');

  writeFileSync(join(cwd, 'build.hlb'), program('two'));
  const tidied = await cli([...engine, 'module', 'tidy'], { cwd });
  expect(tidied.stderr).toMatch(
    new RegExp(`^vendored kit {2}sha256:[0-9a-f]{64}/module.hlb\nremoved sha256:${hex}\n$`),
  );
});

test('what fails in a module is shown there, with the calls that led to it', async () => {
  const cwd = await folderWith({
    'build.hlb': 'import kit from "kit.hlb"\n\nfs default() {\n\tkit.it\n}\n',
    'kit.hlb': `export it\nfs it() {\n\timage "${testEngine().registry}/base"\n\trun "exit 3"\n}\n`,
  });
  const { code, stderr } = await cli(['--engine', testEngine().address, 'run', '--log-output', 'plain'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('kit.hlb:4:2');
  expect(stderr).toContain('called: build.hlb:4:2');
});
