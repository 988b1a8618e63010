import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, sourceFile, span } from '@hlb/diagnostics';
import { hostFacts, recordedFacts } from '@hlb/facts';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  ModuleBuilder,
  makeOp,
  type PassUse,
  parseModule,
  printModule,
  type RunPassesOptions,
  runPasses,
} from '../../index.js';
import { loadOutsidePasses, type OutsideOptions, type OutsidePasses } from '../../outside.js';
import { readIr } from '../../testing/ir-text.js';

let folder: string;
let worker: URL;
const open: OutsidePasses[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hlb-outside-'));
  const outfile = join(folder, 'pass-worker.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'pass-worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['@hlb/source'],
    define: { 'import.meta.url': '__url' },
    banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
  });
  worker = pathToFileURL(outfile);
});

afterAll(async () => {
  for (const loaded of open) await loaded.close();
  rmSync(folder, { recursive: true });
});

const module = readIr(`
  %0 = image "alpine"
  %1 = docker-push %0 "acme/x"
  output %1 [0]
  target "default" = solve %1
`);

let count = 0;

/** The passes of a module with this text, as a stranger would write it. */
async function load(
  text: string,
  options: Pick<OutsideOptions, 'timeLimit' | 'memoryLimit' | 'path'> = {},
): Promise<OutsidePasses> {
  const path = join(folder, `pass-${count++}.mjs`);
  writeFileSync(path, text);
  const loaded = await loadOutsidePasses(pathToFileURL(path).href, { worker, ...options });
  open.push(loaded);
  return loaded;
}

function lines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message, notes, helps }) =>
    [`${code}: ${message}`, ...notes, ...helps].join('; ').replaceAll(pathToFileURL(folder).href, 'DIR'),
  );
}

/** What is told of a pass with this body. */
async function faults(body: string, options: Parameters<typeof load>[1] = {}): Promise<readonly string[]> {
  const { passes } = await load(`export default { name: 'bad', run(module, ctx) { ${body} } }`, options);
  const [pass] = passes;
  if (pass === undefined) throw new Error('it was not loaded');
  const result = await runPasses(module, [{ pass, outside: true }]);
  expect(result).toMatchObject({ ok: false, module, reports: [] });
  return lines(result.diagnostics);
}

async function run(
  loaded: OutsidePasses,
  use: Omit<PassUse, 'pass'> = {},
  options: RunPassesOptions = {},
  of = module,
) {
  expect(lines(loaded.diagnostics)).toEqual([]);
  return runPasses(
    of,
    loaded.passes.map((pass) => ({ pass, outside: true, ...use })),
    options,
  );
}

const retag = `
  const text = (text) => ({ text });
  export default {
    name: 'retag',
    doc: 'Another tag for each image.',
    idempotent: true,
    run(module, ctx) {
      const ops = module.ops.map((op) => (op.kind === 'image' && op.ref.text === 'alpine' ? { ...op, ref: text('alpine:3') } : op));
      if (ops.every((op, index) => op === module.ops[index])) return module;
      ctx.stat('images', 2, 1);
      return { ...module, ops };
    },
  };`;

describe('passes in a thread of their own', () => {
  test('run as any other', async () => {
    const loaded = await load(retag);
    expect(loaded.passes[0]).toMatchObject({ name: 'retag', doc: 'Another tag for each image.', idempotent: true });
    const result = await run(loaded);
    expect(lines(result.diagnostics)).toEqual([]);
    expect(printModule(result.module)).toBe(printModule(module).replace('"alpine"', '"alpine:3"'));
    expect(result.reports[0]?.stats).toEqual([{ name: 'images', before: 2, after: 1 }]);
    const again = await run(loaded, {}, {}, result.module);
    expect(again.module).toBe(result.module);
  });

  test('know places in files that only the text of an option is from', async () => {
    const main = sourceFile('build.hlb', 'run wide');
    const other = sourceFile('lib.hlb', 'network "host"');
    const builder = new ModuleBuilder();
    const input = builder.add(makeOp('scratch', {}, []));
    const mode = { text: 'host', at: span(other, 8, 14) };
    const args = [{ text: 'x' }];
    builder.add(
      makeOp('run', { input, args, options: [{ kind: 'network', mode }] }, [
        { span: span(main, 0, 3), caller: undefined },
      ]),
    );
    const of = builder.build();
    expect(of.files).toEqual([main]);
    const loaded = await load(`
      export default {
        name: 'policy',
        run(module, ctx) {
          const { options: [{ mode }] } = module.ops[1];
          ctx.report({ message: 'no network', at: mode.at, severity: 'warning' });
          return { ...module, ops: module.ops.map((op) => ({ ...op })) };
        },
      }`);
    const result = await run(loaded, {}, {}, of);
    expect(result.diagnostics[0]?.labels[0]?.span).toEqual(mode.at);
    expect(result.diagnostics[0]?.labels[0]?.span.file).toBe(other);
    const [, after] = result.module.ops;
    expect(after?.kind === 'run' && after.options[0]?.kind === 'network' && after.options[0].mode.at?.file).toBe(other);
  });

  test('keep files, places and what they report together', async () => {
    const text =
      '%0 = image "alpine"^2:8-16 @ build.hlb:2:2-7 <- build.hlb:1:1-3\nfile $0 = "build.hlb" "fs x()\\n image   \\"alpine\\"\\n"\n';
    const of = parseModule(sourceFile('x', text)).module;
    if (of === undefined) throw new Error('the text is wrong');
    const loaded = await load(`
      export default {
        name: 'policy',
        run(module, ctx) {
          const [{ ref, origins: [origin] }] = module.ops;
          const line = origin.span.file.text.split('\\n')[origin.span.file.position(origin.span.start).line - 1];
          ctx.report({ message: 'pin ' + line.trim(), at: ref.at, frames: [origin.caller.span], severity: 'warning' });
          return { ...module, ops: module.ops.map((op) => ({ ...op, ref: { ...op.ref, text: 'b' } })) };
        },
      }`);
    const result = await run(loaded, {}, {}, of);
    expect(lines(result.diagnostics)).toEqual(['HLB0650: pin image   "alpine"; reported by the pass policy']);
    const [before] = of.ops;
    const [after] = result.module.ops;
    expect(result.module.files[0]).toBe(of.files[0]);
    expect(after?.origins).toEqual(before?.origins);
    expect(after?.origins[0]?.span.file).toBe(of.files[0]);
    expect(result.diagnostics[0]?.labels[0]?.span.file).toBe(of.files[0]);
    expect(result.diagnostics[0]?.frames).toEqual([before?.origins[0]?.caller?.span]);
  });

  test('know lines and columns where the text of a file is not there', async () => {
    const text = '%0 = image "alpine"^2:8-16 @ gone.hlb:2:2-7\nfile $0 = "gone.hlb"\n';
    const of = parseModule(sourceFile('x', text)).module;
    if (of === undefined) throw new Error('the text is wrong');
    const loaded = await load(`
      export default {
        name: 'policy',
        run(module, ctx) {
          ctx.report({ message: 'pin', at: module.ops[0].ref.at, severity: 'warning' });
          return { ...module, ops: module.ops.map((op) => ({ ...op, ref: { ...op.ref, text: 'b' } })) };
        },
      }`);
    const result = await run(loaded, {}, {}, of);
    expect(lines(result.diagnostics)).toEqual(['HLB0650: pin; reported by the pass policy']);
    const at = result.diagnostics[0]?.labels[0]?.span;
    expect(at?.file.position(at.start)).toEqual({ line: 2, column: 8 });
    expect(printModule(result.module)).toBe(text.replace('"alpine"', '"b"'));
  });

  test('have options with a schema, and facts', async () => {
    const loaded = await load(`
      const validate = (value) => value?.to ? { value: { to: new Map([['to', () => value.to]]) } } : { issues: [{ message: 'no way', path: ['to'] }] };
      export default {
        name: 'mirror',
        options: { '~standard': { version: 1, vendor: 'me', validate } },
        facts: ['image-config', 'cwd'],
        run(module, ctx) {
          const config = JSON.parse(ctx.facts['image-config'](module.ops[0]).config);
          const ref = ctx.options.to.get('to')() + config.os + ctx.facts.cwd;
          return { ...module, ops: [{ ...module.ops[0], ref: { text: ref } }, ...module.ops.slice(1)] };
        },
      }`);
    const facts = recordedFacts(
      { images: { 'docker.io/library/alpine:latest': { config: { os: 'linux' } } } },
      hostFacts({ cwd: '/w' }),
    );
    const result = await run(loaded, { options: { to: 'r.io/' } }, { facts });
    expect(lines(result.diagnostics)).toEqual([]);
    expect(result.module.ops[0]).toMatchObject({ ref: { text: 'r.io/linux/w' } });
    const refused = await run(loaded, { options: {} }, { facts });
    expect(lines(refused.diagnostics)).toEqual(['HLB0613: option to of the pass mirror: no way']);
  });

  test('are several of one module, or at another place of it', async () => {
    const text = `const run = (module) => module; export default [{ name: 'a', run }, { name: 'b', run, needs: ['a'] }]; export const config = { passes: [{ pass: { name: 'c', run } }] };`;
    expect((await load(text)).passes.map(({ name, needs }) => [name, needs])).toEqual([
      ['a', []],
      ['b', ['a']],
    ]);
    expect((await load(text, { path: ['config', 'passes', 0, 'pass'] })).passes.map(({ name }) => name)).toEqual(['c']);
  });

  test('an abort ends them', async () => {
    const loaded = await load(`export default { name: 'busy', run() { for (;;); } }`);
    const controller = new AbortController();
    const running = run(loaded, {}, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('stopped')));
    await expect(running).rejects.toThrow('stopped');
  });
});

describe('a pass from outside that does not what a pass does is told by its name', () => {
  test.each<[string, string, string]>([
    ['it throws', "throw new Error('out of ideas')", 'HLB0620: the pass bad failed: out of ideas; thrown at DIR/FILE'],
    [
      'it throws later',
      "return Promise.reject(new Error('later'))",
      'HLB0620: the pass bad failed: later; thrown at DIR/FILE',
    ],
    [
      'it gives back nothing',
      '',
      'HLB0621: the pass bad gave back a broken module; IR001: what should be a module is none',
    ],
    [
      'it breaks types',
      "return { ...module, ops: module.ops.map((op) => ({ ...op, kind: 'host-os' })) }",
      'HLB0621: the pass bad gave back a broken module; IR001: %0 (host-os): there is no attribute "ref"; IR001: %0 (host-os): there is no attribute "platform"; IR001: %1 (host-os): there is no attribute "input"; IR001: %1 (host-os): there is no attribute "ref"; IR001: %1 (host-os): there is no attribute "stargz"',
    ],
    [
      'it drops an output',
      'return { ...module, ops: [module.ops[0]], outputs: [], targets: [{ name: "default", request: { kind: "nothing" } }] }',
      'HLB0622: the pass bad changed what it must keep; IR101: the output %1 (docker-push) is gone or stands after a later one',
    ],
    [
      'it changes what it is given',
      'module.ops[0].ref.text = 3',
      "HLB0620: the pass bad failed: Cannot assign to read only property 'text' of object '#<Object>'; thrown at DIR/FILE; a module is read-only: give back a new one",
    ],
    ['it throws what is no error', 'throw { why: [1] }', 'HLB0620: the pass bad failed: { why: [ 1 ] }'],
    [
      'it throws what can be made no text',
      'throw Object.create(null)',
      'HLB0620: the pass bad failed: [Object: null prototype] {}',
    ],
    ['it leaves', 'process.exit(0)', 'HLB0620: the pass bad ended the thread that it runs in'],
    [
      'it throws where nobody waits',
      "setTimeout(() => { throw new Error('unheard') }); return new Promise(() => {})",
      'HLB0620: the pass bad failed: unheard',
    ],
    [
      'it reports nonsense',
      'ctx.report(3)',
      'HLB0620: the pass bad failed: what it reports is no diagnostic: at least a message is wanted; thrown at DIR/FILE',
    ],
    [
      'it reports a place elsewhere',
      "ctx.report({ message: 'x', at: { file: { name: 'x', text: '', position() {} }, start: 0, end: 0 } })",
      'HLB0620: the pass bad failed: a place is in x, which is no file of the module; thrown at DIR/FILE',
    ],
  ])('%s', async (_name, body, line) => {
    const told = await faults(body);
    expect(told.map((each) => each.replace(/pass-\d+\.mjs:\d+:\d+/, 'FILE'))).toEqual([line]);
  });

  test('it never ends, in the middle of a loop', async () => {
    // The limit is that of loading too, which takes as long as the machine likes.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const loaded = await load(`export default { name: 'bad', run() { for (;;); } }`, { timeLimit: 500 });
    const running = run(loaded);
    while (vi.getTimerCount() === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(500);
    expect(lines((await running).diagnostics)).toEqual(['HLB0623: the pass bad did not end within 0.5 s']);
  });

  test('it fills the memory with buffers, which no heap bounds', async () => {
    const body = 'const kept = []; for (;;) kept.push(new Uint8Array(1 << 20).fill(1));';
    expect(await faults(body, { memoryLimit: 64 << 20 })).toEqual([
      'HLB0628: the pass bad took more than 64 MiB of memory',
    ]);
  });

  test('it is not used again once it has ended', async () => {
    const loaded = await load(`export default { name: 'bad', run() { process.exit(1) } }`);
    for (let turn = 0; turn < 2; turn++) {
      expect(lines((await run(loaded)).diagnostics)).toEqual([
        'HLB0620: the pass bad ended the thread that it runs in',
      ]);
    }
  });

  test.each<[string, string, RegExp]>([
    [
      'it is no module',
      'export default {',
      /^HLB0625: DIR\/pass-\d+\.mjs can't be loaded: Unexpected end of input; node --check \S+ shows where$/,
    ],
    [
      'it throws while it is loaded',
      "throw new Error('not today')",
      /^HLB0625: DIR\/pass-\d+\.mjs can't be loaded: not today; thrown at DIR/,
    ],
    [
      'it exports something else',
      'export default { name: 3 }',
      /can't be loaded: it has no pass made by definePass as its default$/,
    ],
    ['it exports nothing', 'export const x = 1', /can't be loaded: it has no pass made by definePass as its default$/],
    ['it leaves while it is loaded', 'process.exit(3)', /ended the thread that it runs in$/],
  ])('%s', async (_name, text, line) => {
    const loaded = await load(text);
    expect(loaded.passes).toEqual([]);
    expect(lines(loaded.diagnostics)[0]).toMatch(line);
    expect(loaded.diagnostics.length).toBe(1);
  });

  test('it is never loaded', async () => {
    expect(lines((await load('for (;;);', { timeLimit: 500 })).diagnostics)[0]).toMatch(/did not end within 0\.5 s$/);
    const missing = await loadOutsidePasses(pathToFileURL(join(folder, 'missing.mjs')).href, { worker });
    expect(lines(missing.diagnostics)[0]).toMatch(/^HLB0625: DIR\/missing\.mjs can't be loaded: Cannot find module/);
  });
});
