import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';
import { buildPackages, npm, pack } from '../../../../tests/support/packed.js';

const typescript = join(import.meta.dirname, '../../../../node_modules/typescript');

describe('hlb passes new', () => {
  test('makes a package whose test passes at once, and whose pass runs', async () => {
    const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\timage "alpine"\n}\n' });
    const { code, stdout } = await cli(['passes', 'new', '@acme/default-tag'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'default-tag/\n' });

    const folder = join(cwd, 'default-tag');
    await buildPackages(['libs/ir']);
    const tarballs = await pack(cwd, ['libs/ir', 'node_modules/fast-check', 'node_modules/@types/node']);
    // The compiler is as large as all else together: it is linked, not packed.
    await npm(folder, 'install', '--no-save', '--cache', join(cwd, 'cache'), ...tarballs, typescript);
    expect(await npm(folder, 'test')).toMatch(/^# pass 2\n# fail 0$/m);

    const dumped = await cli(['dump', '--offline', '--stage', 'ir', '--pass', './default-tag:{"tag":"new"}'], { cwd });
    expect(dumped.code).toBe(0);
    expect(dumped.stdout).toContain('image "alpine:new"');
    expect(dumped.stderr).toMatch(/alpine has no tag: alpine:new is used[\s\S]*build\.hlb:2:8/);
  });

  test.each(['file', 'folder'])('leaves a %s that is there as it is', async (kind) => {
    const path = kind === 'file' ? 'mine' : 'mine/package.json';
    const cwd = await folderWith({ [path]: 'mine' });
    const { code, stderr, stdout } = await cli(['passes', 'new', 'mine'], { cwd });
    expect(stderr).toBe('error: mine is there already\n  help: Choose another name, or go to another folder.\n');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readFileSync(join(cwd, path), 'utf8')).toBe('mine');
  });

  test('refuses the name of a pass of the project', async () => {
    const { code, stderr } = await cli(['passes', 'new', '@acme/prune'], { cwd: await folderWith({}) });
    expect(stderr).toMatch(/^error: prune is a pass of the project, and no two passes of a build have one name\n/);
    expect(code).toBe(2);
  });

  test.each(['Big', '../up', 'a/b', '-x', 'a--b', '@acme', 'a b'])('refuses the name %j', async (name) => {
    const { code, stderr } = await cli(['passes', 'new', '--', name], { cwd: await folderWith({}) });
    expect(stderr).toMatch(/^error: ".*" is no name for a package with a pass\n {2}help: Use words of small letters/);
    expect(code).toBe(2);
  });
});
