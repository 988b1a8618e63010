import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, folderWith } from '../../../../../tests/support/cli.js';

const program = 'fs default() {\n\timage "alpine"\n\trun "make"\n}\n';

/** What is written in one line, however wide the terminal is. */
function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** A pass with this body, as a stranger would write it without our types. */
function passText(body: string, more = ''): string {
  return `export default { name: 'bad', ${more} run(module, ctx) { ${body} } };\n`;
}

const retag = passText(
  "return { ...module, ops: module.ops.map((op) => (op.kind === 'image' ? { ...op, ref: { ...op.ref, text: op.ref.text + ':3' } } : op)) };",
  "doc: 'Tags images.', after: ['fold-strings'],",
).replace("'bad'", "'retag'");

const dumpIr = ['dump', '--offline', '--stage', 'ir'];

describe('--pass', () => {
  test('runs a pass of a path, from the current directory, where it says that it stands', async () => {
    const cwd = await folderWith({ 'programs/build.hlb': program, 'retag.mjs': retag });
    const args = ['programs/build.hlb', '--pass', './retag.mjs'];
    const { code, stdout, stderr } = await cli([...dumpIr, ...args], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('image "alpine:3"');
    expect((await cli([...dumpIr, '--after', 'retag', ...args], { cwd })).stdout).toContain('"alpine:3"');
    expect((await cli([...dumpIr, '--after', 'fold-strings', ...args], { cwd })).stdout).not.toContain('"alpine:3"');
    const names = JSON.parse((await cli(['passes', '--json', ...args], { cwd })).stdout).passes.map(
      ({ name }: { name: string }) => name,
    );
    expect(names.slice(0, 3)).toEqual(['fold-strings', 'retag', 'check-values']);
  });

  test('at -O0 only passes run that say they are required', async () => {
    const cwd = await folderWith({
      'build.hlb': program,
      'retag.mjs': retag,
      'always.mjs': retag.replace("name: 'retag',", "name: 'always', required: true,"),
    });
    const dump = async (path: string): Promise<string> =>
      (await cli([...dumpIr, '-O0', '--pass', path], { cwd })).stdout;
    expect(await dump('./retag.mjs')).not.toContain('alpine:3');
    expect(await dump('./always.mjs')).toContain('alpine:3');
  });

  test('finds packages from the program upward, as Node does', async () => {
    const cwd = await folderWith({
      'programs/build.hlb': program,
      'node_modules/@acme/retag/package.json': JSON.stringify({
        name: '@acme/retag',
        version: '1.2.3',
        exports: { '.': { import: './lib/main.mjs' }, './twice': './lib/twice.mjs' },
      }),
      'node_modules/@acme/retag/lib/main.mjs': retag,
      'node_modules/@acme/retag/lib/twice.mjs':
        "import one from './main.mjs';\nexport default [one, { ...one, name: 'two' }];",
      'made/package.json': '{ "name": "made", "exports": "./here.mjs" }',
      'made/here.mjs': retag.replace("'retag'", "'made'"),
      'elsewhere/x.txt': '',
    });
    const listed = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await cli(['passes', '../programs/build.hlb', ...args], {
        cwd: `${cwd}/elsewhere`,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    };
    expect(await listed('--pass', '@acme/retag')).toMatch(
      /^retag +optional, from @acme\/retag@1\.2\.3\n +Tags images\.\n +After fold-strings\.$/m,
    );
    expect(await listed('--pass', '@acme/retag/twice')).toMatch(/^retag [\s\S]*^two /m);
    expect(await listed('--pass', '../made')).toMatch(/^made .* from \.\.\/made$/m);
  });

  test('gives options, and takes the place of the same pass in the configuration', async () => {
    const schema = `options: { '~standard': { version: 1, vendor: 'x', validate: (value) => value?.to ? { value } : { issues: [{ message: 'wanted', path: ['to'] }] } } },`;
    const body =
      "return { ...module, ops: module.ops.map((op) => (op.kind === 'image' ? { ...op, ref: { text: ctx.options.to } } : op)) };";
    const cwd = await folderWith({
      'build.hlb': program,
      'to.mjs': passText(body, schema),
      'hlb.config.json': '{ "passes": [{ "pass": "./to.mjs", "options": { "to": "of-config" }, "before": "prune" }] }',
    });
    const dump = async (...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
      cli([...dumpIr, ...args], { cwd });
    expect((await dump()).stdout).toContain('image "of-config"');
    expect((await dump('--pass', './to.mjs:{"x":{"y":1},"to":"of-flag"}')).stdout).toContain('image "of-flag"');
    expect((await dump('--no-config', '--pass', './to.mjs')).stderr).toMatch(
      /HLB0613.*option to of the pass bad: wanted/,
    );
    const broken = await dump('--pass', './to.mjs:{to:1}');
    expect(broken.stderr).toMatch(
      /^error: the options of --pass \.\/to\.mjs are no JSON: .*\n {2}help: In a shell, quote/,
    );
    expect(broken.code).toBe(2);
  });

  test('several passes of one module have their options by name', async () => {
    const validate = '(value) => ({ value })';
    const of = (name: string): string =>
      `{ name: '${name}', options: { '~standard': { version: 1, vendor: 'x', validate: ${validate} } }, run(m, ctx) { if (ctx.options) ctx.report({ severity: 'warning', message: '${name} ' + ctx.options.say }); return m; } }`;
    const cwd = await folderWith({ 'build.hlb': program, 'two.mjs': `export default [${of('a')}, ${of('b')}];` });
    const { stderr } = await cli([...dumpIr, '--pass', './two.mjs:{"b":{"say":"hi"}}'], { cwd });
    expect(stderr).toMatch(/b hi/);
    expect(stderr).not.toMatch(/a hi/);
    const { code, stderr: refused } = await cli([...dumpIr, '--pass', './two.mjs:{"c":{}}'], { cwd });
    expect(refused).toMatch(/HLB0613.*\.\/two\.mjs has several passes, so its options must be/);
    expect(code).toBe(1);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp, number]>([
    ['lost', {}, /^error: there is no package lost in .* help: Install it: npm install --save-dev lost/, 2],
    ['./lost.mjs', {}, /^error: there is no file \.\/lost\.mjs /, 2],
    ['here.mjs', { 'here.mjs': retag }, /^error: there is no package here\.mjs help: .*write \.\/here\.mjs/, 2],
    ['fs', {}, /^error: the package fs can't be loaded: it is a part of Node/, 2],
    [
      'old',
      { 'node_modules/old/package.json': '{ "name": "old" }' },
      /^error: the package old can't be loaded: the file that its package\.json names is not there/,
      2,
    ],
    [
      'new',
      {
        'node_modules/new/package.json': JSON.stringify({
          name: 'new',
          exports: './x.mjs',
          peerDependencies: { '@hlb/ir': '^99.0.0' },
        }),
        'node_modules/new/x.mjs': retag,
      },
      /^error: new is made for @hlb\/ir \^99\.0\.0, and this hlb has \d+\.\d+\.\d+ help: Use a version/,
      1,
    ],
    [
      './no.mjs',
      { 'no.mjs': 'export const x = 1;' },
      /HLB0625.*\.\/no\.mjs can't be loaded: it has no pass made by def/,
      1,
    ],
    ['./no.mjs', { 'no.mjs': 'export default { name: 3 };' }, /no pass made by definePass as its default/, 1],
    ['./no.mjs', { 'no.mjs': 'export default {' }, /can't be loaded: Unexpected end of input/, 1],
  ])('%s, which is no pass, is told', async (spec, files, message, exitCode) => {
    const cwd = await folderWith({ 'build.hlb': program, ...files });
    for (const command of [['passes'], dumpIr, ['run']]) {
      const { code, stdout, stderr } = await cli([...command, '--pass', spec], { cwd });
      expect(unwrapped(stderr)).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    }
  });

  test('--after knows passes from outside, and no others', async () => {
    const cwd = await folderWith({ 'build.hlb': program, 'retag.mjs': retag });
    const { code, stderr } = await cli([...dumpIr, '--after', 'retag'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: there is no pass retag\n  help: hlb passes lists them.\n',
    });
  });

  test('a name that is nearly one of a pass is asked about', async () => {
    const cwd = await folderWith({ 'build.hlb': program, 'x.ir': 'target "default" = nothing\n' });
    const dumped = await cli([...dumpIr, '--after', 'join-file'], { cwd });
    expect(dumped.stderr).toMatch(/there is no pass join-file\n {2}help: Did you mean join-files\?\n/);
    const run = await cli(['opt', 'x.ir', '--passes', 'prunes'], { cwd });
    expect(run.stderr).toMatch(/there is no package prunes .*\n {2}help: Did you mean prune\?\n/);
    const none = await cli(['opt', 'x.ir', '--passes', ' ,'], { cwd });
    expect(none.stderr).toBe('error: no passes are named\n  help: hlb passes lists them: --passes prune,join-files.\n');
    expect([dumped.code, run.code, none.code]).toEqual([2, 2, 2]);
  });

  test('--after says where a pass did not run', async () => {
    const cwd = await folderWith({ 'build.hlb': program });
    const { code, stderr } = await cli([...dumpIr, '--after', 'link-copies'], { cwd });
    const note = 'note: the pass link-copies does not run here: this is the module before all passes\n';
    expect({ code, stderr }).toEqual({ code: 0, stderr: note });
  });

  test('is TypeScript where it is written so', async () => {
    const cwd = await folderWith({
      'build.hlb': program,
      'retag.ts': `import type { Pass } from '@hlb/ir';\nimport { tag } from './tag.js';\nconst pass: Pass = ${retag
        .replace('export default', '')
        .replace("':3'", 'tag')};\nexport default pass;`,
      'tag.ts': "export const tag: string = ':ts';",
    });
    const { stdout, stderr } = await cli([...dumpIr, '--pass', './retag.ts'], { cwd });
    expect(stderr).toBe('');
    expect(stdout).toContain('"alpine:ts"');
  });
});

describe('hlb opt', () => {
  test('runs passes from outside between those of the project', async () => {
    const cwd = await folderWith({
      'x.ir': '%0 = image "alpine"\n%1 = image "alpine"\n%2 = merge [%0, %1]\ntarget "default" = solve %2\n',
      'retag.mjs': retag,
      'node_modules/nm/package.json': '{ "name": "nm", "main": "x.mjs" }',
      'node_modules/nm/x.mjs': retag.replace("'retag'", "'nm'").replace(':3', ':nm'),
    });
    const { code, stdout, stderr } = await cli(
      ['opt', 'x.ir', '--passes', 'fold-strings,share-values,./retag.mjs,nm,bad,prune', '--pass', './retag.mjs'],
      { cwd },
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/there is no package bad/);
    const good = await cli(
      ['opt', 'x.ir', '--passes', 'fold-strings,share-values,retag,nm,prune', '--pass', './retag.mjs'],
      { cwd },
    );
    expect({ code: good.code, stderr: good.stderr }).toEqual({ code: 0, stderr: '' });
    expect(good.stdout).toBe('%0 = image "alpine:3:nm"\n%1 = merge [%0, %0]\ntarget "default" = solve %1\n');
  });
});

/** In seconds: the limit is that of loading too, which takes longer on a busy machine. */
const LIMIT = 5;
const LATE = /HLB0623.*the pass bad did not end within 5 s/;

/** Passes that do what no pass does, what is told of them, and how long they may take (s), if it matters. */
const faults: readonly [string, string, RegExp, number?][] = [
  [
    'throws',
    passText("throw new Error('out of ideas')"),
    /HLB0620.*the pass bad failed: out of ideas.*thrown at .*bad\.mjs:1:\d+/,
  ],
  ['loops', passText('for (;;);'), LATE, LIMIT],
  ['waits', passText('return new Promise(() => {});'), LATE, LIMIT],
  [
    "returns another module's ops",
    passText(
      "return { ...module, ops: [...module.ops, ...module.ops.map((op) => ('input' in op ? { ...op, input: 9 } : op))] };",
    ),
    /HLB0621.*the pass bad gave back a broken module.*IR\d+/,
  ],
  [
    "returns another program's module",
    passText(
      "return { ops: [{ kind: 'scratch', origins: [] }], outputs: [], targets: [{ name: 'other', request: { kind: 'solve', value: 0 } }], files: [] };",
    ),
    /HLB0622.*the pass bad changed what it must keep.*IR\d+/,
  ],
  [
    'breaks a type',
    passText("return { ...module, ops: module.ops.map((op) => ({ ...op, kind: 'host-os' })) };"),
    /HLB0621.*the pass bad gave back a broken module/,
  ],
  ['returns nothing', passText(''), /HLB0621.*the pass bad gave back a broken module/],
  [
    'asks for what nobody has',
    passText('return module;', "facts: ['weather'],"),
    /HLB0627.*the pass bad asks for facts of the kind weather, which there are not/,
  ],
  [
    'needs what is not there',
    passText('return module;', "needs: ['magic'],"),
    /HLB0610.*the pass bad needs magic, but there is no such pass/,
  ],
  ['leaves', passText('process.exit(0);'), /HLB0620.*the pass bad ended the thread that it runs in/],
  [
    'reports an error',
    passText("ctx.report({ message: 'not like this', at: module.ops[0].origins[0].span }); return module;"),
    /not like this.*build\.hlb:2:2/,
  ],
];

describe('a pass that', () => {
  test.each(faults)('%s ends the build with its name and exit code 1', async (_name, text, message, timeLimit) => {
    const cwd = await folderWith({
      'build.hlb': program,
      'bad.mjs': text,
      'hlb.config.json': JSON.stringify({ passes: [{ pass: './bad.mjs', timeLimit }] }),
    });
    const { code, stdout, stderr } = await cli(dumpIr, { cwd });
    expect(unwrapped(stderr)).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at |hlb itself failed/m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

describe('the built bundle', () => {
  let folder: string;

  beforeAll(async () => {
    const app = join(import.meta.dirname, '../../..');
    folder = mkdtempSync(join(tmpdir(), 'hlb-bundle-'));
    await promisify(execFile)(process.execPath, [join(app, 'build.mjs'), join(folder, 'dist')]);
    cpSync(join(app, 'bin'), join(folder, 'bin'), { recursive: true });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const hlb = (cwd: string, ...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(folder, 'bin/hlb.cjs'), ...args], { cwd }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });

  test('ends a pass that loops, at an interruption', async () => {
    const cwd = await folderWith({
      'x.ir': 'target "default" = nothing\n',
      // What a thread prints waits for the thread, so it writes to the file itself.
      'bad.mjs': `import { writeSync } from 'node:fs';\n${passText("writeSync(2, 'looping'); for (;;);")}`,
    });
    const args = [join(folder, 'bin/hlb.cjs'), 'opt', 'x.ir', '--passes', './bad.mjs'];
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: string[] = [];
    child.stderr.on('data', (text: Buffer) => {
      if (printed.push(text.toString()) === 1) child.kill('SIGINT');
    });
    const [code] = await once(child, 'close');
    expect({ code, printed }).toEqual({ code: 130, printed: ['looping'] });
  });

  test('finds its threads, for configurations and passes in TypeScript', async () => {
    const cwd = await folderWith({
      'build.hlb': program,
      'retag.ts': `export default ${retag.replace('export default', '').replace('run(module, ctx)', 'run(module: { ops: any[] }, ctx: unknown)')}`,
      'hlb.config.ts':
        "const pass: string = './retag.ts';\nexport default { passes: [{ pass }, { pass: { name: 'inline', run: (m: object) => m } }] };",
    });
    const { code, stdout, stderr } = await hlb(cwd, ...dumpIr);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('"alpine:3"');
    expect((await hlb(cwd, 'passes')).stdout).toMatch(/^inline .* from hlb\.config\.ts$/m);
  });

  test('says which pass failed, and where in its own code', async () => {
    const cwd = await folderWith({ 'build.hlb': program, 'bad.mjs': faults[0]?.[1] ?? '' });
    const { code, stdout, stderr } = await hlb(cwd, ...dumpIr, '--pass', './bad.mjs');
    expect(unwrapped(stderr)).toMatch(faults[0]?.[2] ?? /^$/);
    expect(stderr).not.toMatch(/^\s+at |hlb\.cjs|pass-worker/m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
