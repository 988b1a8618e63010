import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProgramArbitraryOptions, programArbitrary } from '@hlb/checker/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cli, folderWith } from './support/cli.js';
import { testEngine } from './support/test-engine.js';

/** Another sample in each run; a failure tells the seed, and this variable repeats it. */
const seed = Number(process.env.HLB_TEST_SEED ?? Math.floor(Math.random() * 0x7fff_ffff));

const files = {
  'secret.txt': 'a secret\n',
  'ctx/f0': 'zero',
  'ctx/f1': 'one',
  'ctx/d1/f2': 'two',
  'ctx/other': 'other',
};

const frontend = [
  'frontend "dockerfile.v0" with option {',
  '\t\tinput "context" local("ctx")',
  '\t\tinput "dockerfile" fs { scratch; mkfile "/Dockerfile" 0o644 "FROM scratch\\nCOPY f0 d1 /d0/\\n" }',
  '\t}',
].join('\n');

/** Both levels of a program, by what is left on this host. */
async function expectSame(text: string): Promise<void> {
  const target = (name: string): string => `fs ${name}() {\n\tdefault\n\tdownload "${name}"\n}\n`;
  const cwd = await folderWith({ ...files, 'build.hlb': [text, target('exact'), target('optimised')].join('\n') });
  const run = (level: string, name: string) =>
    cli(['--engine', testEngine().address, 'run', '--log-output', 'plain', '-O', level, '-t', name], { cwd });
  const exact = await run('0', 'exact');
  expect(exact.code, exact.stderr).toBe(0);
  const optimised = await run('1', 'optimised');
  expect(optimised.code, optimised.stderr).toBe(0);
  expect(tree(join(cwd, 'optimised'))).toEqual(tree(join(cwd, 'exact')));
  await rm(cwd, { recursive: true, force: true });
}

/** Every file below a folder with its kind, mode and content. */
function tree(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (path: string): void => {
    const stat = lstatSync(join(root, path));
    const mode = stat.mode.toString(8);
    if (stat.isSymbolicLink()) found[path] = `${mode} -> ${readlinkSync(join(root, path))}`;
    else if (stat.isFile()) {
      const content = readFileSync(join(root, path));
      const shown = path.startsWith('bin/') ? createHash('sha256').update(content).digest('hex') : content.toString();
      found[path] = `${mode} ${shown}`;
    } else {
      found[path] = mode;
      for (const name of readdirSync(join(root, path))) visit(join(path, name));
    }
  };
  visit('.');
  return found;
}

// What a bound mount leaves keeps its settings above -O0 only, so a program has either the one or the others.
test.each<[string, ProgramArbitraryOptions]>([
  ['settings', { settings: true, binds: false, beyond: false }],
  ['bound mounts', { settings: false, binds: true, beyond: false }],
])(
  `random programs with %s leave the same files at both levels (HLB_TEST_SEED=${seed})`,
  async (_, options) => {
    const programs = programArbitrary({
      ...options,
      base: `image "${testEngine().registry}/base"`,
      maxFunctions: 4,
      sources: ['local "ctx"', 'local "ctx" with includePatterns("f*", "d1")', frontend, 'scratch'],
      targets: ['fs'],
    });
    const numRuns = Number(process.env.HLB_TEST_RUNS ?? 5);
    await fc.assert(fc.asyncProperty(programs, expectSame), { seed, numRuns, interruptAfterTimeLimit: 240_000 });
  },
  600_000,
);
