import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from './support/cli.js';

const root = join(import.meta.dirname, '..');
const examples = readdirSync(join(root, 'examples')).filter((name) =>
  existsSync(join(root, 'examples', name, 'build.hlb')),
);

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(1);
});

describe.each(examples)('examples/%s', (name) => {
  const cwd = join(root, 'examples', name);

  test('has no mistakes, and nothing that the linter warns of', async () => {
    expect(await cli(['lint', 'build.hlb'], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('is formatted', async () => {
    expect(await cli(['format', '--check', 'build.hlb'], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.each(['tokens', 'ast', 'ir', 'llb', 'plan'])('can be dumped: %s', async (stage) => {
    for (const args of [[], ['--json'], ['-O0']]) {
      const { code, stdout, stderr } = await cli(['dump', '--offline', '--stage', stage, ...args], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.length).toBeGreaterThan(20);
      if (args[0] === '--json' && stage !== 'ir' && stage !== 'plan') expect(() => JSON.parse(stdout)).not.toThrow();
    }
  });
});

describe.each(['README.md', 'docs/language/README.md'])('the programs of %s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const programs = [...text.matchAll(/```hlb\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

  test.each(programs.map((program, index) => [index + 1, program] as const))(
    'program %i has no mistakes and is formatted',
    async (_index, program) => {
      expect(await cli(['lint', '-'], { stdin: program })).toEqual({ code: 0, stdout: '', stderr: '' });
      expect((await cli(['format', '-'], { stdin: program })).stdout).toBe(program);
    },
  );
});

describe('README.md', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');

  test('names every command of the CLI, and none that is not there', async () => {
    const { stdout } = await cli(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?:\|[a-z]+)?(?: .*)?$/gm)].map((match) => match[1] ?? '');
    expect(commands).toContain('run');
    const named = new Set([...readme.matchAll(/`hlb ([a-z]+)/g)].map((match) => match[1] ?? ''));
    expect([...named].filter((command) => !commands.includes(command))).toEqual([]);
    const untold = new Set(['version', 'help', ...named]);
    expect(commands.filter((command) => !untold.has(command))).toEqual([]);
  });
});
