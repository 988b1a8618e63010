import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CliResult, cli, folderWith } from './support/cli.js';
import { testEngine } from './support/test-engine.js';

/** Builds at the same time on one engine. */
const MANY = 50;

const program = (registry: string): string => `
string mark() {
	localEnv "MARK"
}

fs made() {
	image "${registry}/base"
	env "MARK" mark
	run "for i in $(seq 30); do echo $MARK > /out/file-$i; done" with option {
		mount scratch "/out" as files
	}
}

fs asFolder() {
	files
	copy local("src") "/" "/src" with option {
		createDestPath
		contentsOnly
	}
	download "out"
}

fs asTar() {
	files
	downloadTarball "out.tar"
}

pipeline default() {
	stage asFolder asTar
}
`;

// Each command listens for interruptions of this process.
process.setMaxListeners(0);

function build(cwd: string, mark: string): Promise<CliResult> {
  return cli(['--engine', testEngine().address, 'run', '--log-output', 'plain'], {
    cwd,
    env: { HOME: process.env.HOME, PATH: process.env.PATH, MARK: mark },
  });
}

/** The marks that the files of an output hold: one, where it is of one build. */
function marksOf(cwd: string): { readonly folder: readonly string[]; readonly tar: readonly string[] } {
  const names = readdirSync(join(cwd, 'out')).filter((name) => name.startsWith('file-'));
  const folder = names.map((name) => readFileSync(join(cwd, 'out', name), 'utf8').trim());
  const tar = execFileSync('tar', ['-xOf', join(cwd, 'out.tar'), '--wildcards', 'file-*'], { encoding: 'utf8' });
  expect(names).toHaveLength(30);
  return { folder: [...new Set(folder)], tar: [...new Set(tar.trim().split('\n'))] };
}

test('two builds at once in one folder: both are done, and each output is wholly of one of them', async () => {
  const { registry } = testEngine();
  const cwd = await folderWith({ 'build.hlb': program(registry), 'src/a': 'a' });
  for (let round = 0; round < 5; round += 1) {
    const marks = ['one', 'two'].map((name) => `${name}-${round}-${process.pid}`);
    const results = await Promise.all(marks.map((mark) => build(cwd, mark)));
    for (const { code, stderr } of results) expect(code, stderr).toBe(0);
    const { folder, tar } = marksOf(cwd);
    expect(folder).toHaveLength(1);
    expect(tar).toHaveLength(1);
    expect(marks).toContain(folder[0]);
    expect(marks).toContain(tar[0]);
    expect(readdirSync(cwd).sort()).toEqual(['build.hlb', 'out', 'out.tar', 'src']);
  }
});

test(`${MANY} builds side by side, all with a directory of the same name, get what is theirs`, async () => {
  const { registry } = testEngine();
  const builds = await Promise.all(
    Array.from({ length: MANY }, async (_, index) => {
      const mark = `build-${index}-${process.pid}`;
      const cwd = await folderWith({ 'build.hlb': program(registry), 'src/own': mark, [`src/only-${index}`]: '' });
      return { cwd, mark, index };
    }),
  );
  const results = await Promise.all(builds.map(({ cwd, mark }) => build(cwd, mark)));
  for (const { code, stderr } of results) expect(code, stderr).toBe(0);
  for (const { cwd, mark, index } of builds) {
    expect(marksOf(cwd)).toEqual({ folder: [mark], tar: [mark] });
    expect(readdirSync(join(cwd, 'out/src')).sort()).toEqual([`only-${index}`, 'own']);
    expect(readFileSync(join(cwd, 'out/src/own'), 'utf8')).toBe(mark);
  }
});
