import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { gitServer, makeRepository } from './support/git-server.js';
import { testEngine } from './support/test-engine.js';

async function build(program: string, files: Readonly<Record<string, string>> = {}) {
  const cwd = await folderWith({ 'build.hlb': program, ...files });
  const args = ['--engine', testEngine().address, 'run', '--log-output', 'plain'];
  return { cwd, ...(await cli(args, { cwd })) };
}

/** A library in a repository of its own: on `main` as it is now, and as it was at the tag `v1`. */
async function library(text: (version: number) => Readonly<Record<string, string>>) {
  const root = await folderWith({});
  const work = await folderWith(text(1));
  const git = makeRepository(work, root, 'library');
  git('tag', 'v1');
  const first = git('rev-parse', 'HEAD');
  for (const [name, content] of Object.entries(text(2))) writeFileSync(join(work, name), content);
  git('commit', '-q', '-a', '-m', 'second');
  git('publish');
  return { root, first };
}

const MODULE = (version: number): Readonly<Record<string, string>> => ({
  'module.hlb': `export made\n\nfs made() {\n\tscratch\n\tmkfile "/version" 0o644 "${version}"\n}\n`,
});

test('git: a branch, a tag and a commit, with and without its folder of git', async () => {
  const { root, first } = await library((version) => ({ version: String(version) }));
  const { url } = await gitServer(root);
  const targets = [
    ['branch', 'main', '2'],
    ['tag', 'v1', '1'],
    ['commit', first, '1'],
  ] as const;
  const functions = targets.map(
    ([name, ref]) => `fs ${name}() {\n\tgit "${url}/library.git" "${ref}"\n\tdownload "${name}"\n}\n`,
  );
  const kept = `fs kept() {\n\tgit "${url}/library.git" "v1" with keepGitDir\n\tdownload "kept"\n}\n`;
  const all = `pipeline default() {\n\tstage branch tag commit kept\n}\n`;
  const { cwd, code, stderr } = await build([...functions, kept, all].join('\n'));
  expect(code, stderr).toBe(0);
  for (const [name, , version] of targets) {
    expect(readdirSync(join(cwd, name))).toEqual(['version']);
    expect(readFileSync(join(cwd, name, 'version'), 'utf8')).toBe(version);
  }
  expect(existsSync(join(cwd, 'kept/.git/HEAD'))).toBe(true);
});

test('a module from git is fetched once, and another version of it beside it is another module', async () => {
  const { root } = await library(MODULE);
  const { url, asked } = await gitServer(root);
  const program = `
import old from git("${url}/library.git", "v1")

import new from git("${url}/library.git", "main")

fs a() {
	old.made
	download "a"
}

fs b() {
	new.made
	download "b"
}

pipeline default() {
	stage a b
}
`;
  const { cwd, code, stderr } = await build(program);
  expect(code, stderr).toBe(0);
  expect([readFileSync(join(cwd, 'a/version'), 'utf8'), readFileSync(join(cwd, 'b/version'), 'utf8')]).toEqual([
    '1',
    '2',
  ]);
  const packs = asked.filter((line) => line.startsWith('POST'));
  // Each ref is asked for, and its commit fetched, once: two requests of the second version of git's protocol each.
  expect(packs.length).toBeLessThanOrEqual(6);
});

test('a repository that is not there, and a ref that is not: told at the import', async () => {
  const { root } = await library(MODULE);
  const { url } = await gitServer(root);
  for (const [repository, ref] of [
    ['none.git', 'main'],
    ['library.git', 'no-such-ref'],
  ]) {
    const program = `import lib from git("${url}/${repository}", "${ref}")\n\nfs default() {\n\tlib.made\n}\n`;
    const { code, stderr } = await build(program);
    expect(code).toBe(1);
    expect(stderr).toMatch(/build\.hlb:1/);
    expect(stderr).toMatch(new RegExp(ref === 'main' ? 'none.git|not found' : 'no-such-ref'));
    expect(stderr).not.toMatch(/hlb itself failed/);
  }
});
