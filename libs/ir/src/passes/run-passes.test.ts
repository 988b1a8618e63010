import { type Diagnostic, diagnostic, InternalError, sourceFile, span } from '@hlb/diagnostics';
import { hostFacts, joinFacts, recordedFacts } from '@hlb/facts';
import { describe, expect, test } from 'vitest';
import {
  definePass,
  type IrModule,
  ModuleBuilder,
  makeOp,
  opId,
  type Pass,
  placeOf,
  printModule,
  type RunPassesOptions,
  rebuild,
  runPasses,
} from '../index.js';
import { readIr } from '../testing/ir-text.js';

const module = readIr(`
  %0 = image "alpine"
  %1 = run %0 ["make"]
  %2 = docker-push %1 "acme/x"
  output %2 [0]
  target "default" = solve %2
`);

const noop = definePass({ name: 'noop', run: (same) => same });
const retag = definePass({
  name: 'retag',
  run: (of, ctx) => {
    ctx.stat('images', 1, 1);
    return rebuild(of, (op) =>
      op.kind === 'image' && op.ref.text === 'alpine' ? { ...op, ref: { text: 'alpine:3' } } : op,
    );
  },
});

function lines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message, notes, helps }) => [`${code}: ${message}`, ...notes, ...helps].join('; '));
}

/** What is told of a pass from outside that does this. */
async function faults(run: Pass['run'], options: RunPassesOptions = {}): Promise<readonly string[]> {
  const result = await runPasses(module, [{ pass: { name: 'bad', run }, outside: true }, retag], options);
  expect(result.ok).toBe(false);
  expect(result.module).toBe(module);
  expect(result.reports).toEqual([]);
  return lines(result.diagnostics);
}

describe('running passes', () => {
  test('one after the other, with what each did', async () => {
    const seen: string[] = [];
    const result = await runPasses(module, [noop, retag], {
      verify: true,
      onPass: ({ name }, of) => seen.push(`${name} ${printModule(of).split('\n')[0]}`),
    });
    expect(result.ok).toBe(true);
    expect(result.diagnostics).toEqual([]);
    expect(seen).toEqual(['noop %0 = image "alpine"', 'retag %0 = image "alpine:3"']);
    expect(result.reports.map(({ duration, ...rest }) => ({ ...rest, timed: duration >= 0 }))).toEqual([
      { name: 'noop', changed: false, ops: { before: 3, after: 3 }, stats: [], timed: true },
      {
        name: 'retag',
        changed: true,
        ops: { before: 3, after: 3 },
        stats: [{ name: 'images', before: 1, after: 1 }],
        timed: true,
      },
    ]);
    expect((await runPasses(result.module, [retag])).module).toBe(result.module);
  });

  test('no passes give the module itself', async () => {
    expect(await runPasses(module, [])).toEqual({ module, ok: true, diagnostics: [], reports: [] });
  });

  test('nothing runs where the order is wrong', async () => {
    const result = await runPasses(module, [retag, { pass: noop, after: ['nothing'] }]);
    expect(lines(result.diagnostics)).toEqual([
      'HLB0610: the pass noop stands after nothing, but there is no such pass; passes: retag',
    ]);
    expect(result).toMatchObject({ module, ok: false, reports: [] });
  });

  test('what a pass reports is told; an error ends the run after it', async () => {
    const file = sourceFile('a.hlb', 'fs default() {}');
    const builder = new ModuleBuilder();
    const caller = { span: span(file, 3, 10), caller: undefined };
    builder.add(makeOp('scratch', {}, [{ span: span(file, 0, 2), caller }]));
    const policy = definePass({
      name: 'policy',
      run(of, ctx) {
        ctx.report({ message: 'not so good', severity: 'warning' });
        ctx.report(diagnostic('HLB0605', { message: 'own code', severity: 'info' }));
        for (const op of of.ops) ctx.report({ message: 'forbidden', notes: ['by law'], ...placeOf(op) });
        return retag.run(of, ctx);
      },
    });
    const result = await runPasses(builder.build(), [policy, noop]);
    expect(lines(result.diagnostics)).toEqual([
      'HLB0650: not so good; reported by the pass policy',
      'HLB0605: own code',
      'HLB0650: forbidden; by law; reported by the pass policy',
    ]);
    expect(result.diagnostics[2]?.labels).toEqual([{ span: span(file, 0, 2), message: '', primary: true }]);
    expect(result.diagnostics[2]?.frames).toEqual([caller.span]);
    expect(result.ok).toBe(false);
    expect(result.reports.map(({ name }) => name)).toEqual(['policy']);
  });

  test('a warning ends nothing', async () => {
    const warns = definePass({
      name: 'warns',
      run(of, ctx) {
        ctx.report({ message: 'hm', severity: 'warning' });
        return of;
      },
    });
    expect((await runPasses(module, [warns, retag])).ok).toBe(true);
  });

  test('a module that is broken before is told where it is verified', async () => {
    const broken = { ...module, outputs: [] };
    expect(lines((await runPasses(broken, [noop], { verify: true })).diagnostics)).toEqual([
      'HLB0630: the module is broken before any pass; IR012: %2 (docker-push): it is not among the outputs',
    ]);
    expect((await runPasses(broken, [noop])).ok).toBe(true);
  });

  test('an abort rejects with its reason, also while a pass runs', async () => {
    const controller = new AbortController();
    const waits = definePass({
      name: 'waits',
      run: (_of, ctx) =>
        new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason))),
    });
    const running = runPasses(module, [waits], { signal: controller.signal });
    controller.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    await expect(runPasses(module, [noop], { signal: controller.signal })).rejects.toThrow('stopped');
  });
});

describe('a pass that does not what a pass does is told by its name', () => {
  test('it throws', async () => {
    const error = new Error('out of ideas');
    const ours = new URL('run-passes.js', import.meta.url).href;
    const frames = ['node:internal/x:1:2', `${ours}:9:9`, 'file:///home/dev/pass.js:3:14', 'file:///home/dev/a.js:1:1'];
    error.stack = ['Error: out of ideas', ...frames.map((frame) => `    at run (${frame})`)].join('\n');
    expect(await faults(() => Promise.reject(error))).toEqual([
      'HLB0620: the pass bad failed: out of ideas; thrown at file:///home/dev/pass.js:3:14',
    ]);
    expect(
      await faults(() => {
        throw error;
      }),
    ).toEqual(['HLB0620: the pass bad failed: out of ideas; thrown at file:///home/dev/pass.js:3:14']);
  });

  test('it throws what is no error, or nothing to read', async () => {
    expect(await faults(() => Promise.reject('a text'))).toEqual(['HLB0620: the pass bad failed: a text']);
    const [line] = await faults(() => Promise.reject(new Error()));
    expect(line).toContain('failed: it threw an exception without a message');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 3],
    ['a list', []],
    ['an empty object', {}],
  ])('it gives back %s', async (_name, value) => {
    expect(await faults(() => value as IrModule)).toEqual(['HLB0621: the pass bad gave back no module']);
  });

  test('it breaks types', async () => {
    const broken = rebuild(module, (op, at) => (at.id === 0 ? makeOp('host-os', {}) : op));
    expect(await faults(() => broken)).toEqual([
      'HLB0621: the pass bad gave back a broken module; IR004: %1 (run): its operand %0 (host-os) is a text',
    ]);
  });

  test('it gives back many faults', async () => {
    const ops = Array.from({ length: 9 }, () => makeOp('dir', { input: opId(99), path: 'x' }));
    const [line = ''] = await faults((of) => ({ ...of, ops: [...of.ops, ...ops] }));
    expect(line.split('; ').length).toBe(7);
    expect(line).toMatch(/and 4 more$/);
  });

  test("it gives back another module's ops", async () => {
    const builder = new ModuleBuilder();
    const file = sourceFile('other.hlb', 'x');
    builder.add(makeOp('scratch', {}, [{ span: span(file, 0, 1), caller: undefined }]));
    const other = builder.build();
    expect(await faults(() => other)).toEqual([
      'HLB0622: the pass bad changed what it must keep; IR101: the output %2 (docker-push) is gone or stands after a later one; IR102: the targets were default and are ',
    ]);
    expect(await faults((of) => ({ ...of, ops: [...of.ops, ...other.ops] }))).toEqual([
      "HLB0621: the pass bad gave back a broken module; IR015: %3 (scratch): its origin is in a file that is not the module's, other.hlb",
    ]);
  });

  test('it changes what it is given', async () => {
    const [line] = await faults((of) => {
      Reflect.apply(Array.prototype.push, of.ops, [makeOp('scratch', {})]);
      return of;
    });
    expect(line).toMatch(
      /^HLB0620: the pass bad failed: Cannot add property 3, object is not extensible; (?:thrown at .*; )?a module is read-only: give back a new one$/,
    );
    const [deep] = await faults((of) => {
      const { ref } = of.ops[0] as unknown as { ref: { text: string } };
      ref.text = 'busybox';
      return of;
    });
    expect(deep).toContain("Cannot assign to read only property 'text'");
  });

  test('it never ends', async () => {
    expect(await faults(() => new Promise(() => undefined), { timeLimit: 20 })).toEqual([
      'HLB0623: the pass bad did not end within 0.02 s',
    ]);
  });

  test('it reports what is no diagnostic', async () => {
    const [line] = await faults((of, ctx) => {
      ctx.report({} as Diagnostic);
      return of;
    });
    expect(line).toContain('what it reports is no diagnostic: at least a message is wanted');
  });

  test('it asks for facts that there are none of', async () => {
    const pass: Pass = { name: 'bad', facts: ['weather' as never], run: (of) => of };
    const { diagnostics } = await runPasses(module, [{ pass, outside: true }]);
    expect(lines(diagnostics)).toEqual([
      'HLB0627: the pass bad asks for facts of the kind weather, which there are not; kinds of facts: arch, cwd, home, host-env, image-config, local-files, local-path, manifest, os; a newer version of this tool may have them',
    ]);
  });

  test('a pass of the project with a broken promise is no fault of the user', async () => {
    const pass = definePass({
      name: 'ours',
      run() {
        throw new InternalError('unreachable');
      },
    });
    await expect(runPasses(module, [pass])).rejects.toThrow(InternalError);
    expect(lines((await runPasses(module, [{ pass, outside: true }])).diagnostics)[0]).toContain(
      'the pass ours failed: unreachable',
    );
  });
});

describe('facts of a pass', () => {
  const read = readIr(`
    %0 = host-env "A"
    %1 = host-env "NOPE"
    %2 = host-env %0
    %3 = image "r.io/a:1"
    %4 = image "r.io/a:1" platform=("linux", "arm64")
    %5 = image %0
    %6 = image "Not An Image"
    %7 = manifest "r.io/a:1" digest
    %8 = local "." base="/"
    %9 = local "/nothing-here"
    %10 = local "~someone"
    %11 = local "fixtures" base=${JSON.stringify(import.meta.dirname)}
    %12 = local %0
  `);
  const host = hostFacts({
    cwd: '/w',
    home: '/h',
    os: 'plan9',
    arch: 'mips',
    environment: new Map([
      ['A', 'b'],
      ['SECRET', 'x'],
    ]),
  });
  const facts = recordedFacts(
    {
      images: { 'r.io/a:1|linux/arm64': { config: { v: 8 } }, 'r.io/a:1|linux/amd64': { config: { v: 0 } } },
      registry: { 'r.io/a:1': { digest: 'sha256:d', manifest: 'M', config: 'C' } },
    },
    host,
  );

  test('are there before it runs, and only those that it declares', async () => {
    let seen: unknown;
    const pass = definePass({
      name: 'asks',
      facts: ['cwd', 'home', 'os', 'arch', 'host-env', 'image-config', 'manifest', 'local-path'],
      run(of, ctx) {
        seen = [
          ctx.facts.cwd,
          ctx.facts.home,
          ctx.facts.os,
          ctx.facts.arch,
          of.ops.map((op) => {
            switch (op.kind) {
              case 'host-env':
                return ctx.facts['host-env'](op);
              case 'image':
                return [ctx.facts['image-config'](op)?.config, ctx.facts.manifest(op)?.digest];
              case 'manifest':
                return ctx.facts.manifest(op)?.manifest;
              case 'local':
                return ctx.facts['local-path'](op)?.kind;
              default:
                return 'other';
            }
          }),
          Object.keys(ctx.facts).includes('local-files'),
        ];
        return of;
      },
    });
    const { diagnostics } = await runPasses(read, [pass], { facts, platform: 'linux/amd64' });
    expect(diagnostics).toEqual([]);
    const images = [
      ['{"v":0}', 'sha256:d'],
      ['{"v":8}', 'sha256:d'],
      [undefined, undefined],
      [undefined, undefined],
    ];
    const locals = ['directory', 'missing', undefined, 'missing', undefined];
    expect(seen).toEqual(['/w', '/h', 'plan9', 'mips', ['b', '', undefined, ...images, 'M', ...locals], false]);
  });

  test('of the files below a local', async () => {
    const local = readIr(
      `%0 = local "text" base=${JSON.stringify(`${import.meta.dirname}/..`)}\n%1 = local "index.ts" base=${JSON.stringify(`${import.meta.dirname}/..`)}`,
    );
    let seen: unknown;
    const pass = definePass({
      name: 'asks',
      facts: ['local-files'],
      run(of, ctx) {
        seen = of.ops.map((op) =>
          op.kind === 'local' ? ctx.facts['local-files'](op)?.includes('quote.ts') : undefined,
        );
        return of;
      },
    });
    await runPasses(local, [pass], { facts: joinFacts(hostFacts()) });
    expect(seen).toEqual([true, undefined]);
  });

  test('are asked once for each thing, all at once', async () => {
    const asked: string[] = [];
    let open = 0;
    let most = 0;
    const counting = {
      ...joinFacts(host),
      imageConfig: async ({ ref }: { readonly ref: string }) => {
        asked.push(ref);
        most = Math.max(most, ++open);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return undefined;
      },
    };
    const images = readIr('%0 = image "a"\n%1 = image "b"\n%2 = image "docker.io/library/a"\n%3 = image "c"');
    await runPasses(images, [definePass({ name: 'asks', facts: ['image-config'], run: (of) => of })], {
      facts: counting,
    });
    expect(asked).toEqual(['docker.io/library/a:latest', 'docker.io/library/b:latest', 'docker.io/library/c:latest']);
    expect(most).toBe(3);
  });

  test('that cannot be had are told at the text that names them', async () => {
    const file = sourceFile('a.hlb', 'image "a"');
    const builder = new ModuleBuilder();
    builder.add(makeOp('image', { ref: { text: 'a', at: span(file, 6, 9) } }));
    const failing = { ...joinFacts(host), imageConfig: () => Promise.reject(new Error('the registry is down')) };
    const pass = definePass({ name: 'asks', facts: ['image-config'], run: (of) => of });
    const { diagnostics, ok } = await runPasses(builder.build(), [pass], { facts: failing });
    expect(ok).toBe(false);
    expect(lines(diagnostics)).toEqual(['HLB0624: the registry is down; the pass asks wants to know it']);
    expect(diagnostics[0]?.labels[0]?.span).toEqual(span(file, 6, 9));
  });

  test('are unknown where there is no port', async () => {
    let seen: unknown;
    const pass = definePass({
      name: 'asks',
      facts: ['cwd', 'image-config'],
      run(of, ctx) {
        const [, , , image] = of.ops;
        seen = [ctx.facts.cwd, image?.kind === 'image' && ctx.facts['image-config'](image)];
        return of;
      },
    });
    expect((await runPasses(read, [pass])).ok).toBe(true);
    expect(seen).toEqual(['', undefined]);
  });
});
