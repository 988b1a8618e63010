import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { completionScripts } from './scripts.js';

const files = {
  'build.hlb':
    'fs default() { scratch }\nfs zip() { scratch }\nfs tool(string name) { scratch }\noption::run opts() {}\n',
  'other.hlb': 'fs other() { scratch }\nfs broken() {\n',
};

describe('what may stand at the cursor', () => {
  test.each<[typed: string[], expected: string[]]>([
    [['ch'], ['check']],
    [['mod'], ['module']],
    [
      ['module', ''],
      ['vendor', 'tidy', 'tree', 'help'],
    ],
    [['engine', 's'], ['status']],
    // Functions with parameters, and options, are no targets.
    [
      ['run', '-t', ''],
      ['default', 'zip'],
    ],
    [['run', '--target', 'z'], ['zip']],
    [['run', '--target=z'], ['zip']],
    [['run', '--target', '=', 'z'], ['zip']],
    [
      ['run', '--target', '='],
      ['default', 'zip'],
    ],
    // Of the program that was named, also when it is not whole.
    [
      ['run', 'other.hlb', '-t', ''],
      ['other', 'broken'],
    ],
    [['run', 'missing.hlb', '-t', ''], []],
    [['--color', 'never', 'run', '--log-output', 'p'], ['plain']],
    [
      ['dump', '--stage', ''],
      ['tokens', 'ast', 'ir', 'llb', 'plan'],
    ],
    [['dump', '--after', 'dedupe'], ['dedupe-locals']],
    [['run', '--no-c'], ['--no-config']],
    [['run', '--eng'], ['--engine']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['help', 'HLB0204'], ['HLB0204']],
    [['help', 'downloadT'], ['downloadTarball']],
  ])('%j', async (typed, expected) => {
    const lines = (await ask(typed)).split('\n');
    expect(lines[0]).toBe('values');
    const values = lines.slice(1, -1).map((line) => line.split('\t')[0]);
    expect(values).toEqual(expected);
  });

  test.each<[typed: string[], expected: string]>([
    [['run', ''], 'files .hlb\n'],
    [['run', '--', '--'], 'files .hlb\n'],
    [['opt', ''], 'files .ir\n'],
    [['run', '--facts', ''], 'files\n'],
    [['run', '--facts=x'], 'files\n'],
    [['run', '--pass', './'], 'files\n'],
    [['run', '--jobs', ''], 'none\n'],
    [['run', 'build.hlb', ''], 'none\n'],
    // A command that takes many files goes on.
    [['check', 'build.hlb', ''], 'files .hlb\n'],
  ])('%j: %j', async (typed, expected) => expect(await ask(typed)).toBe(expected));

  async function ask(typed: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await cli(['complete', 'bash', '--', ...typed], { cwd: await folderWith(files) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }
});

test('the script of a shell that there is not: wrong usage', async () => {
  const { code, stderr } = await cli(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});

describe("the shells' scripts", () => {
  test('bash: values, files and directories', async () => {
    const { ask } = await shellFolder();
    expect(ask('values\ndefault\tfs\ndocs\tfs\n', ['run', '-t', 'd'])).toEqual(['default', 'docs']);
    expect(ask('values\nplain\t\n', ['run', '--log-output', '=', 'p'])).toEqual(['plain']);
    expect(ask('values\nplain\t\n', ['run', '--log-output', '='])).toEqual(['plain']);
    expect(ask('files .hlb\n', ['run', ''])).toEqual(['$odd.hlb', 'a b.hlb', 'folder']);
    expect(ask('files\n', ['run', '--facts', 'o'])).toEqual(['other.ir']);
    expect(ask('directories\n', ['x', ''])).toEqual(['folder']);
    expect(ask('none\n', ['x', ''])).toEqual([]);
  });

  test('bash: what is typed is handed on as it is, and nothing of it runs', async () => {
    const { ask, asked } = await shellFolder();
    ask('none\n', ['run', '$(touch pwned)', '`touch pwned`', '; touch pwned', '*']);
    expect(asked()).toEqual(['complete', 'bash', '--', 'run', '$(touch pwned)', '`touch pwned`', '; touch pwned', '*']);
    expect(ask('files\n', ['x', 'p'])).toEqual([]);
  });

  // Where these shells are installed, which they are in CI.
  test.runIf(installed('fish'))('fish: values and files', async () => {
    const { folder, answers } = await shellFolder();
    const complete = (line: string): string[] =>
      execFileSync('fish', ['--no-config', '-c', `source hlb.fish; complete -C '${line}'`], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}`, HOME: folder },
      })
        .split('\n')
        .filter((each) => each !== '');
    writeFileSync(join(folder, 'hlb.fish'), completionScripts.fish);
    answers('values\ndefault\tfs\n');
    expect(complete('hlb run -t ')).toEqual(['default\tfs']);
    expect(complete('hlb run --target=d')).toEqual(['--target=default\tfs']);
    answers('files .ir\n');
    expect(complete('hlb opt o')).toEqual(['other.ir']);
  });

  test.runIf(installed('zsh'))('zsh: the script is read', () => {
    const { status, stderr } = spawnSync('zsh', ['-f', '-n', '-c', completionScripts.zsh], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

/** A folder with files, and an `hlb` that answers what it was told and keeps what it was asked. */
async function shellFolder() {
  const folder = await folderWith({ 'a b.hlb': '', '$odd.hlb': '', 'other.ir': '', 'folder/x': '', 'bin/hlb': '' });
  writeFileSync(
    join(folder, 'bin', 'hlb'),
    `#!/bin/sh\nprintf '%s\\0' "$@" > '${folder}/bin/asked'\ncat '${folder}/bin/answers'\n`,
  );
  chmodSync(join(folder, 'bin', 'hlb'), 0o755);
  const answers = (text: string): void => writeFileSync(join(folder, 'bin', 'answers'), text);
  // The folder that holds the stand-in is none of the files that are looked at.
  const ask = (answer: string, typed: readonly string[]): string[] => {
    answers(answer);
    const script = `${completionScripts.bash}
compopt() { :; }
COMP_WORDS=(hlb "$@"); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
_hlb
printf '%s\\0' "\${COMPREPLY[@]}"`;
    const stdout = execFileSync('bash', ['-c', script, 'bash', ...typed], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}/bin:${process.env['PATH']}` },
    });
    return stdout
      .split('\0')
      .filter((each) => each !== '' && each !== 'bin')
      .sort();
  };
  const asked = (): string[] =>
    execFileSync('cat', [join(folder, 'bin', 'asked')], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);
  return { folder, answers, ask, asked };
}

function installed(shell: string): boolean {
  return spawnSync(shell, ['-c', ':']).status === 0;
}
