import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';

/** The copy of `openllb/go.hlb` for linux/amd64, where it was always kept. */
const hex = '910cae96bbd10612fc62366d809578920c9dd589dadd7dd0217fdbaa78de8016';
const copy = `.hlb/modules/sha256/91/${hex}/module.hlb`;

const program = 'import go from image("openllb/go.hlb")\n\nfs default() {\n\tgo.build "x"\n}\n';
// Not as the formatter would write it: copies are the bytes of the module.
const goModule =
  '# a   comment\nimport base from   "lib/base.hlb"\nexport build\n\nfs build(string name) { base.it; mkfile "/x" 0o644 name; }\n';
const baseModule = 'export it\nfs it() {\n\tscratch\n}\n';

/** A folder with the program, and what an engine would read as a file of facts. */
function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const modules = { [`sha256:${hex}`]: { 'module.hlb': goModule, 'lib/base.hlb': baseModule } };
  return folderWith({ 'build.hlb': program, 'facts.json': JSON.stringify({ modules }), ...files });
}

const amd64 = ['--platform', 'linux/amd64'];
const known = [...amd64, '--facts', 'facts.json'];
const offline = [...amd64, '--offline'];

describe('hlb module vendor', () => {
  test('keeps the bytes of each module where they were always kept, for the user alone', async () => {
    const cwd = await project();
    const { code, stdout, stderr } = await cli(['module', 'vendor', ...known], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `vendored go  sha256:${hex}/module.hlb`,
      `vendored base  sha256:${hex}/lib/base.hlb`,
      '',
    ]);
    expect(readFileSync(join(cwd, copy), 'utf8')).toBe(goModule);
    expect(statSync(join(cwd, '.hlb/modules/sha256/91')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(cwd, `.hlb/modules/sha256/91/${hex}`)).sort()).toEqual(['lib', 'module.hlb']);
  });

  test('then nothing has to be fetched: dump, check and tree need no engine', async () => {
    const cwd = await project();
    await cli(['mod', 'vendor', ...known], { cwd });
    const dumped = await cli(['dump', '--stage', 'llb', '--json', ...offline], { cwd });
    expect(dumped.code).toBe(0);
    expect(JSON.parse(dumped.stdout).ops[0].source[0]).toBe(`${copy}:5:34-5:40`);
    expect((await cli(['check', 'build.hlb'], { cwd })).code).toBe(0);
    const tree = await cli(['module', 'tree', ...offline], { cwd });
    expect(tree.stdout).toBe(
      'build.hlb\n└── [go]  sha256:910cae9/module.hlb\n    └── [base]  sha256:910cae9/lib/base.hlb\n',
    );
    const long = await cli(['module', 'tree', '--long', ...offline], { cwd });
    expect(long.stdout).toContain(`[go]  sha256:${hex}/module.hlb`);
    const json = JSON.parse((await cli(['module', 'tree', '--json', ...offline], { cwd })).stdout);
    expect(json.imports[0]).toMatchObject({ name: 'go', digest: `sha256:${hex}`, imports: [{ name: 'base' }] });
  });

  test('fetches its imports anew, and uses copies for the others of -t', async () => {
    const cwd = await project({ [copy]: `${goModule}# older\n`, 'other.hlb': baseModule });
    writeFileSync(join(cwd, 'build.hlb'), `import other from "other.hlb"\n${program}`);
    await cli(['module', 'vendor', '-t', 'other', ...known], { cwd });
    expect(readFileSync(join(cwd, copy), 'utf8')).toBe(`${goModule}# older\n`);
    await cli(['module', 'vendor', '-t', 'go', ...known], { cwd });
    expect(readFileSync(join(cwd, copy), 'utf8')).toBe(goModule);
    const { code, stderr } = await cli(['module', 'vendor', '-t', 'gone', ...known], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('build.hlb has no import gone');
  });

  test('of a program without imports says so', async () => {
    const cwd = await folderWith({ 'build.hlb': 'fs default() {\n\tscratch\n}\n' });
    const { code, stderr } = await cli(['module', 'vendor'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'build.hlb has no imports\n' });
    expect(existsSync(join(cwd, '.hlb'))).toBe(false);
  });

  test('writes nothing where a module can not be had', async () => {
    const cwd = await project();
    const { code, stderr } = await cli(['module', 'vendor', ...offline], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('HLB0706');
    expect(existsSync(join(cwd, '.hlb'))).toBe(false);
  });

  test('goes beside the program, or where copies are already', async () => {
    const cwd = await folderWith({ 'facts.json': (await facts()).text });
    mkdirSync(join(cwd, 'sub'));
    writeFileSync(join(cwd, 'sub/build.hlb'), program);
    await cli(['module', 'vendor', 'sub/build.hlb', ...known], { cwd });
    expect(existsSync(join(cwd, 'sub', copy))).toBe(true);
    expect((await cli(['dump', 'sub/build.hlb', ...offline], { cwd })).code).toBe(0);
    const inside = { cwd: join(cwd, 'sub') };
    expect((await cli(['dump', 'build.hlb', ...offline], inside)).code).toBe(0);
  });

  test('a vendored module by the start of its digest', async () => {
    const cwd = await project();
    await cli(['module', 'vendor', ...known], { cwd });
    for (const name of ['910ca', `sha256:${hex}`]) {
      const { code, stdout } = await cli(['module', 'tree', name, ...offline], { cwd });
      expect(code).toBe(0);
      expect(stdout).toContain(`${copy}\n└── [base]`);
    }
    mkdirSync(join(cwd, '.hlb/modules/sha256/91', `${hex.slice(0, -1)}7`));
    const several = await cli(['module', 'tree', '91', ...offline], { cwd });
    expect(several.code).toBe(1);
    expect(several.stderr).toMatch(/91 is the start of 2 digests/);
    expect((await cli(['module', 'tree', 'sha256:00', ...offline], { cwd })).stderr).toMatch(/no vendored module/);
  });

  async function facts(): Promise<{ readonly text: string }> {
    return { text: readFileSync(join(await project(), 'facts.json'), 'utf8') };
  }
});

describe('hlb module tidy', () => {
  test('adds what is missing and removes what nothing uses', async () => {
    const unused = `.hlb/modules/sha256/00/${'0'.repeat(64)}/module.hlb`;
    const cwd = await project({ [copy]: `${goModule}# kept\n`, [unused]: baseModule });
    const { code, stderr } = await cli(['module', 'tidy', ...known], { cwd });
    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      `vendored base  sha256:${hex}/lib/base.hlb`,
      `removed sha256:${'0'.repeat(64)}`,
      '',
    ]);
    expect(readFileSync(join(cwd, copy), 'utf8')).toBe(`${goModule}# kept\n`);
    expect(readdirSync(join(cwd, '.hlb/modules/sha256'))).toEqual(['91']);
    expect((await cli(['module', 'tidy', ...known], { cwd })).stderr).toBe('');
  });

  test('removes nothing where a module can not be had', async () => {
    const unused = `.hlb/modules/sha256/00/${'0'.repeat(64)}/module.hlb`;
    const cwd = await project({ [unused]: baseModule });
    expect((await cli(['module', 'tidy', ...offline], { cwd })).code).toBe(1);
    expect(existsSync(join(cwd, unused))).toBe(true);
  });
});

describe('hlb module tree', () => {
  test('a module that is imported twice is shown twice', async () => {
    const cwd = await folderWith({
      'build.hlb': 'import b from "b.hlb"\nimport a from "a.hlb"\n',
      'a.hlb': 'import c from "c.hlb"\n',
      'b.hlb': 'import c from "c.hlb"\nimport d from "c.hlb"\n',
      'c.hlb': '',
    });
    const { code, stdout } = await cli(['module', 'tree'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'build.hlb',
        '├── [b]  b.hlb',
        '│   ├── [c]  c.hlb',
        '│   └── [d]  c.hlb',
        '└── [a]  a.hlb',
        '    └── [c]  c.hlb',
        '',
      ].join('\n'),
    );
  });

  test.each([['tree'], ['vendor'], ['tidy']])('%s ends on modules that import each other', async (command) => {
    const cwd = await folderWith({
      'build.hlb': 'import a from "a.hlb"\nimport b from "b.hlb"\n',
      'a.hlb': 'import b from "b.hlb"\n',
      'b.hlb': 'import a from "a.hlb"\n',
    });
    const { code, stdout, stderr } = await cli(['module', command], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('modules import each other in a circle: a.hlb → b.hlb → a.hlb');
    expect(stderr).toContain('b.hlb:1:15');
  });

  test('a program with errors is not loaded', async () => {
    const cwd = await folderWith({ 'build.hlb': 'import a from "a.hlb"\nfs default( {\n' });
    const { code, stderr } = await cli(['module', 'tree'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('build.hlb:2:13');
  });
});
