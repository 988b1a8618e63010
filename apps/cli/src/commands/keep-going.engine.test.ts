import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { testEngine } from '../../../../tests/support/test-engine.js';

/** Two targets that fail, one that works and takes longer, and one that waits for what fails. */
const program = (registry: string): string => `
fs base() {
	image "${registry}/base"
}

fs three() {
	base
	run "exit 3"
	download "three"
}

fs four() {
	base
	run "exit 4"
	download "four"
}

fs good() {
	base
	run "sleep 1; echo ${Math.random()} > /done"
	download "good"
}

fs late() {
	scratch
	mkfile "/late" 0o644 "late"
	download "late"
}

pipeline default() {
	stage three four good
	stage late
}

string words() {
	"all the same"
}
`;

async function run(flags: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const { address, registry } = testEngine();
  const cwd = await folderWith({ 'build.hlb': program(registry), ...files });
  const args = ['--engine', address, 'run', '--log-output', 'plain', '-t', 'default', '-t', 'words', ...flags];
  return { cwd, ...(await cli(args, { cwd })) };
}

test('--keep-going: each failure is told, all that can be done is done, what was left out is named; exit code 1', async () => {
  const { cwd, code, stdout, stderr } = await run(['--keep-going']);
  expect(code).toBe(1);
  expect(stderr.match(/HLB0801: the command failed with exit code \d/g)?.sort()).toEqual([
    'HLB0801: the command failed with exit code 3',
    'HLB0801: the command failed with exit code 4',
  ]);
  expect(stderr).toMatch(/2 errors\n$/);
  expect(stderr).toMatch(/^wrote {2}good /m);
  expect(stderr).toMatch(/^not done, since what they wait for failed: .*late/m);
  expect(readFileSync(join(cwd, 'good/done'), 'utf8')).not.toBe('');
  for (const name of ['three', 'four', 'late']) expect(existsSync(join(cwd, name))).toBe(false);
  expect(stdout).toBe('all the same\n');
});

test('without it the first failure ends the others', async () => {
  const { cwd, code, stdout, stderr } = await run([]);
  expect(code).toBe(1);
  expect(stderr.match(/HLB0801/g)).toHaveLength(1);
  expect(existsSync(join(cwd, 'good'))).toBe(false);
  expect(stdout).toBe('');
});

test('the configuration may ask for it, and the command line take it back', async () => {
  const config = { 'hlb.config.json': '{ "run": { "keepGoing": true, "jobs": 1 } }' };
  expect((await run([], config)).stderr).toMatch(/^wrote {2}good /m);
  expect((await run(['--no-keep-going'], config)).stderr).not.toMatch(/^wrote {2}good /m);
});

test('one command that two outputs need fails once', async () => {
  const { address, registry } = testEngine();
  const text = `
fs broken() {
	image "${registry}/base"
	run "exit 7"
}

fs a() {
	broken
	download "a"
}

fs b() {
	broken
	mkfile "/b" 0o644 "b"
	download "b"
}

pipeline default() {
	stage a b
}
`;
  const cwd = await folderWith({ 'build.hlb': text });
  const { code, stderr } = await cli(['--engine', address, 'run', '--log-output', 'plain', '--keep-going'], { cwd });
  expect(code).toBe(1);
  expect(stderr.match(/HLB0801/g)).toHaveLength(1);
});
