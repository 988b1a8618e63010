import { expect, test } from 'vitest';
import { cli, folderWith } from '../../../tests/support/cli.js';

test('without a command, the help and exit code 0', async () => {
  const { code, stdout, stderr } = await cli([]);
  expect(code).toBe(0);
  expect(stdout + stderr).toMatch(/Usage: hlb/);
});

test('help of a command goes to standard output', async () => {
  const { code, stdout, stderr } = await cli(['run', '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/--target <name>/);
  expect(stderr).toBe('');
});

test('the version, also for programs', async () => {
  expect((await cli(['version'])).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  expect(JSON.parse((await cli(['--engine', 'unix:///nowhere.sock', 'version', '--json'])).stdout)).toEqual({
    version: expect.any(String),
    node: process.version,
    engine: { error: expect.stringContaining('nowhere.sock') },
  });
});

test.each([
  [['frobnicate'], /unknown command 'frobnicate'/],
  [['run', '--log-output', 'loud'], /Allowed choices are auto, tty, plain, rawjson, quiet/],
  [['run', '--platform', 'linux'], /expected OS\/ARCH/],
  [['run', '--jobs', '0'], /expected a number from 1 up/],
  [['run', 'a.hlb', 'b.hlb'], /too many arguments/],
  [['opt', '--passes', 'prune'], /missing required argument 'file'/],
  [['format', '-w', '--check', 'a.hlb'], /exclude each other/],
  [['format', '-w'], /standard input cannot be written to/],
  [['dump', '--stage', 'soul'], /Allowed choices are/],
  [['engine', 'sideways'], /unknown command 'sideways'/],
])('wrong usage %j: a message, exit code 2', async (args, message) => {
  const { code, stdout, stderr } = await cli(args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test.each([
  ['missing.hlb', /cannot read "missing.hlb": there is no such file/],
  ['folder', /cannot read "folder": it is a directory/],
])('a program that cannot be read (%s): a message, exit code 1', async (name, message) => {
  const cwd = await folderWith({ 'folder/build.hlb': '' });
  for (const command of ['run', 'check', 'dump']) {
    const { code, stderr } = await cli([command, name], { cwd });
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  }
});
