import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CliResult, cli, folderWith } from '../../../../tests/support/cli.js';

const program = 'fs default() {\n\tscratch\n\tcopy local("src") "/" "/"\n}\n';

function dumpAsReference(cwd: string, ...more: readonly string[]): Promise<CliResult> {
  return cli(['dump', '--stage', 'llb', '-O0', '--json', '--offline', ...more], { cwd });
}

test('a compile is repeated from its facts where the directory is no more', async () => {
  const cwd = await folderWith({ 'build.hlb': program, 'src/a': 'a' });
  const first = await dumpAsReference(cwd, '--record-facts', 'facts.json');
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('"local.unique"');
  await rm(join(cwd, 'src'), { recursive: true });
  const again = await cli(['dump', '--stage', 'llb', '-O0', '--json', '--facts', 'facts.json'], { cwd });
  expect(again).toEqual(first);
});

test('a directory that only a file of facts knows has an id, and always the same', async () => {
  const cwd = await folderWith({ 'build.hlb': program });
  const paths = { '/elsewhere/src': { kind: 'directory', realPath: '/elsewhere/src' } };
  await writeFile(join(cwd, 'facts.json'), JSON.stringify({ cwd: '/elsewhere', hardwareAddress: 'none', paths }));
  const { code, stdout, stderr } = await cli(['dump', '--stage', 'llb', '-O0', '--json', '--facts', 'facts.json'], {
    cwd,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('sha256:');
  expect(JSON.parse(stdout).session).toEqual({ syncedDirs: ['src'] });
});

test('a directory that is nowhere is a diagnostic at its place', async () => {
  const cwd = await folderWith({ 'build.hlb': program });
  await writeFile(join(cwd, 'facts.json'), JSON.stringify({ cwd: '/elsewhere' }));
  const { code, stdout } = await cli(['dump', '--stage', 'llb', '-O0', '--json', '--facts', 'facts.json'], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout).diagnostics).toMatchObject([
    { code: 'HLB0515', labels: [{ start: { line: 3, column: 13 } }] },
  ]);
});
