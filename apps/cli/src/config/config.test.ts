import { describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../tests/support/cli.js';

/** What `hlb passes` lists that doesn't come from the project. */
async function outsideNames(cwd: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await cli(['passes', '--json', ...args], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { passes }: { passes: readonly { name: string; from: string }[] } = JSON.parse(stdout);
  return passes.filter(({ from }) => from !== 'hlb').map(({ name }) => name);
}

const named = (name: string): string => `export default { passes: [{ pass: { name: '${name}', run: (m) => m } }] };`;

describe('the configuration', () => {
  test('is the nearest one upward from the program, up to a folder with .git', async () => {
    const cwd = await folderWith({
      'hlb.config.mjs': named('outer'),
      'a/b/build.hlb': '',
      'a/inner/hlb.config.mjs': named('inner'),
      'a/inner/deep/build.hlb': '',
      'repository/.git/HEAD': '',
      'repository/programs/build.hlb': '',
    });
    expect(await outsideNames(`${cwd}/a/b`)).toEqual(['outer']);
    expect(await outsideNames(cwd, 'a/inner/deep/build.hlb')).toEqual(['inner']);
    expect(await outsideNames(`${cwd}/repository/programs`)).toEqual([]);
  });

  test('is the one of --config, or none with --no-config', async () => {
    const cwd = await folderWith({ 'hlb.config.mjs': named('found'), 'other/mine.mjs': named('given') });
    expect(await outsideNames(cwd, '--config', 'other/mine.mjs')).toEqual(['given']);
    expect(await outsideNames(cwd, '--no-config')).toEqual([]);
    const { code, stderr } = await cli(['passes', '--config', 'lost.mjs'], { cwd });
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: there is no configuration lost.mjs\n' });
  });

  test.each([
    ['hlb.config.json', '{ "passes": [{ "pass": "./pass.mjs", "options": { "deep": [1] } }] }'],
    ['hlb.config.mjs', "export default { passes: [{ pass: './pass.mjs', options: { deep: [1] } }] };"],
    ['hlb.config.js', "module.exports = { passes: [{ pass: './pass.mjs', options: { deep: [1] } }] };"],
    [
      'hlb.config.ts',
      "import { deep } from './deep.js';\nimport type { Gone } from 'gone';\nexport default { passes: [{ pass: './pass.mjs', options: { deep } }] } satisfies object;",
    ],
  ])('may be %s', async (name, text) => {
    const cwd = await folderWith({
      [name]: text,
      'deep.ts': 'export const deep: readonly number[] = [1];',
      'pass.mjs': `
        const validate = (value) => ({ value });
        export default { name: 'p', options: { '~standard': { version: 1, vendor: 'x', validate } }, run: (m) => m };`,
      'sub/build.hlb': '',
    });
    const { stdout } = await cli(['passes', '--json', 'sub/build.hlb'], { cwd });
    expect(JSON.parse(stdout).passes.at(-1)).toMatchObject({ name: 'p', from: './pass.mjs', options: { deep: [1] } });
  });

  test('two in one folder are not guessed between', async () => {
    const cwd = await folderWith({ 'hlb.config.mjs': '', 'hlb.config.json': '' });
    const { code, stderr } = await cli(['passes'], { cwd });
    expect(stderr).toMatch(/^error: there are two configurations, .*hlb\.config\.mjs and .*hlb\.config\.json/);
    expect(code).toBe(2);
  });

  test.each([
    ['{', /^error: hlb\.config\.json is no JSON: /],
    ['[]', /^error: hlb\.config\.json: the configuration must be an object/],
    ['{ "pases": [] }', /^error: hlb\.config\.json: pases is no key that there is\n {2}help: Did you mean passes\?/],
    ['{ "colour": 1 }', /: colour is no key that there is\n {2}help: Keys: passes, skipPasses, lint, run\./],
    ['{ "passes": {} }', /: passes must be a list/],
    ['{ "passes": ["x"] }', /: passes\[0\] must be an object/],
    [
      '{ "passes": [{}] }',
      /: passes\[0\]\.pass must be the name of a pass or a package, a path, or a pass made by definePass/,
    ],
    ['{ "passes": [{ "pass": "x", "opts": 1 }] }', /: passes\[0\]\.opts is no key that there is/],
    ['{ "passes": [{ "pass": "x", "after": [1] }] }', /: passes\[0\]\.after must be the name of a pass, or a list/],
    ['{ "passes": [{ "pass": "x", "timeLimit": 0 }] }', /: passes\[0\]\.timeLimit must be a number of seconds/],
    ['{ "passes": [{ "pass": "lost" }] }', /^error: hlb\.config\.json: passes\[0\]: there is no package lost in /],
    ['{ "passes": [{ "pass": "./lost.js" }] }', /: passes\[0\]: there is no file \.\/lost\.js/],
    [
      '{ "lint": { "rules": { "unused-bnd": "off" } } }',
      /: lint\.rules\.unused-bnd is no key .*\n.*mean unused-bind\?/,
    ],
    ['{ "lint": { "rules": { "unused-bind": "loud" } } }', /: lint\.rules\.unused-bind must be one of off, info, warn/],
    ['{ "run": { "jobs": 0 } }', /: run\.jobs must be a whole number from 1 up/],
    ['{ "run": { "platform": "linux" } }', /: run\.platform must be OS\/ARCH/],
    ['{ "run": { "logOutput": "loud" } }', /: run\.logOutput must be one of auto, tty/],
    ['{ "run": { "engine": 3 } }', /: run\.engine must be the address of an engine/],
    ['{ "run": { "enigne": "x" } }', /: run\.enigne is no key that there is\n {2}help: Did you mean engine\?/],
  ])('that is wrong is told by its key: %s', async (text, message) => {
    const cwd = await folderWith({ 'hlb.config.json': text, 'build.hlb': 'fs default() {\n\tscratch\n}\n' });
    for (const command of ['passes', 'run', 'dump']) {
      const { code, stdout, stderr } = await cli([command], { cwd });
      expect(stderr).toMatch(message);
      expect(stdout).toBe('');
      expect(code).toBe(/passes\[0\]: there is/.test(stderr) ? 1 : 2);
    }
  });

  test.each([
    ['hlb.config.mjs', 'export const x = 1;', /can't be loaded: it has no default export\n/],
    ['hlb.config.mjs', "\nthrow new Error('not today');", /loaded: not today \(at hlb\.config\.mjs:2:\d+\)\n$/],
    ['hlb.config.ts', "interface A { b: 1 }\nthrow new Error('no');", /loaded: no \(at hlb\.config\.ts:2:\d+\)\n$/],
    ['hlb.config.ts', 'const a: = 3;', /^error: hlb\.config\.ts can't be loaded: .*Unexpected token \(1:10\)/],
    ['hlb.config.mjs', "import 'lost';", /can't be loaded: Cannot find package 'lost'/],
    ['hlb.config.mjs', 'process.exit(0);', /can't be loaded: it ended the thread that it is read in\n$/],
    [
      'hlb.config.mjs',
      "export default { passes: [{ pass: 'x', options: { f() {} } }] };",
      /passes\[0\]\.options\.f is a function, where data is wanted/,
    ],
    ['hlb.config.mjs', 'export default 3;', /: the configuration must be an object/],
  ])('that fails while it is loaded is told (%s, %j)', async (name, text, message) => {
    const cwd = await folderWith({ [name]: text });
    const { code, stderr } = await cli(['passes'], { cwd });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });

  test('gives defaults, which flags replace', async () => {
    const cwd = await folderWith({
      'build.hlb': 'fs default() {\n\timage "alpine"\n}\n',
      'hlb.config.json': '{ "run": { "platform": "linux/riscv64", "engine": "unix:///nowhere/of-config.sock" } }',
    });
    const dump = ['dump', '--offline', '--stage', 'llb', '--json'];
    expect((await cli(dump, { cwd })).stdout).toContain('riscv64');
    expect((await cli([...dump, '--platform', 'linux/s390x'], { cwd })).stdout).not.toContain('riscv64');
    expect((await cli([...dump, '--no-config'], { cwd })).stdout).not.toContain('riscv64');

    const plain = ['run', '--log-output', 'plain'];
    const of = async (args: readonly string[], env = {}): Promise<string> =>
      (await cli(args, { cwd, env: { HOME: cwd, PATH: process.env.PATH, ...env } })).stderr;
    expect(await of(plain)).toContain('/nowhere/of-config.sock');
    expect(await of(plain, { BUILDKIT_HOST: 'unix:///nowhere/of-env.sock' })).toContain('/nowhere/of-env.sock');
    expect(await of(['--engine', 'unix:///nowhere/of-flag.sock', ...plain])).toContain('/nowhere/of-flag.sock');
  });

  test('sets severities of lint rules, by name and by code, for the files below it', async () => {
    const program = 'fs default() {\n\timage "alpine"\n}\nfs _unused() {\n\tscratch\n}\n';
    const cwd = await folderWith({ 'a/build.hlb': program, 'b/build.hlb': program, 'a/hlb.config.json': '{}' });
    const found = async (text: string, ...args: readonly string[]): Promise<readonly string[]> => {
      const folder = await folderWith({
        'a/build.hlb': program,
        'b/build.hlb': program,
        'a/hlb.config.json': text,
        'b/.git/HEAD': '',
      });
      const { stdout } = await cli(['lint', '--json', ...args, 'a/build.hlb', 'b/build.hlb'], { cwd: folder });
      const {
        diagnostics,
      }: { diagnostics: readonly { code: string; severity: string; labels: { file: string }[] }[] } =
        JSON.parse(stdout);
      return diagnostics.map(({ code, severity, labels }) => `${labels[0]?.file} ${code} ${severity}`);
    };
    expect((await cli(['lint', 'a/build.hlb'], { cwd })).code).toBe(1);
    const usual = await found('{}');
    const [first = ''] = usual.filter((line) => line.startsWith('a/'));
    const code = first.split(' ')[1] ?? '';
    expect(first).toMatch(/^a\/build\.hlb HLB04\d\d (warning|info)$/);
    const changed = await found(JSON.stringify({ lint: { rules: { [code]: 'error' } } }));
    expect(changed).toContain(`a/build.hlb ${code} error`);
    expect(changed.filter((line) => line.startsWith('b/'))).toEqual(usual.filter((line) => line.startsWith('b/')));
    const off = await found(JSON.stringify({ lint: { rules: { [code]: 'off' } } }));
    expect(off.some((line) => line.startsWith(`a/build.hlb ${code}`))).toBe(false);
    expect(await found(JSON.stringify({ lint: { rules: { [code]: 'off' } } }), '--no-config')).toEqual(usual);
  });
});
