import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definePass, keepOps, makeOp, opId, type Pass, passOptions, reachable, rebuild } from '../index.js';
import { applyPass, checkPass, compareMeaning, formatIr, moduleArbitrary, readIr } from './index.js';

const prune = definePass({
  name: 'prune',
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const kept = reachable(module);
    ctx.stat('ops', module.ops.length, kept.size);
    return keepOps(module, (id) => kept.has(id));
  },
});

/** Adds a file to each scratch: never done. */
const grow = definePass({
  name: 'grow',
  run: (module) =>
    rebuild(module, (op, at) =>
      op.kind === 'scratch' ? makeOp('mkfile', { input: at.add(op), path: '/x', mode: 0n, content: '' }) : op,
    ),
});

describe('a check of passes', () => {
  test('is content with a pass that does what it says', async () => {
    await checkPass(prune);
    await checkPass(grow);
    await checkPass(grow, { prepare: [prune], runs: 20 });
  });

  test('gives options', async () => {
    const seen = new Set<string>();
    const pass = definePass({
      name: 'mine',
      options: passOptions({ tag: { type: 'string', required: true, doc: 'a tag' } }),
      run(module, ctx) {
        seen.add(ctx.options.tag);
        return module;
      },
    });
    await checkPass(pass, { passOptions: { tag: 'x' }, runs: 5 });
    expect([...seen]).toEqual(['x']);
    await expect(checkPass(pass)).rejects.toThrow('option tag of the pass mine: it must be given');
  });

  test('lets a pass report errors', async () => {
    const policy = definePass({
      name: 'policy',
      run(module, ctx) {
        if (module.ops.length > 0) ctx.report({ message: 'no ops' });
        return module;
      },
    });
    await checkPass(policy);
  });

  test.each<[string, Pass, string]>([
    [
      'throws',
      {
        name: 'bad',
        run: (module) =>
          module.ops.map(() => {
            throw new Error('no');
          }) && module,
      },
      'the pass bad failed: no',
    ],
    [
      'breaks invariants',
      {
        name: 'bad',
        run: (module) =>
          module.ops.length === 0 ? module : { ...module, ops: [makeOp('dir', { input: opId(0), path: 'x' })] },
      },
      'broken module',
    ],
    [
      'drops targets',
      { name: 'bad', run: (module) => (module.targets.length === 0 ? module : { ...module, targets: [] }) },
      'IR102',
    ],
    ['gives back a copy', { name: 'bad', run: (module) => ({ ...module }) }, 'another object though nothing changed'],
    ['is not idempotent', { ...grow, name: 'bad', idempotent: true }, 'it changes its own result'],
    ['changes the meaning', { ...grow, name: 'bad', keepsMeaning: true }, 'it changes the meaning: '],
    [
      'looks at more than the text has',
      {
        name: 'bad',
        run: (module) => (Object.isFrozen(module.files[0]) || module.files.length === 0 ? module : hidden(module)),
      },
      'printed and read back',
    ],
  ])('finds that a pass %s', async (_name, pass, message) => {
    const checked = checkPass(pass, { seed: 1, runs: 200 });
    await expect(checked).rejects.toThrow(message);
    await expect(checked).rejects.toThrow(
      /the pass bad is not as it should be \(again with \{ seed: 1, path: "[\d:]+" \}\)/,
    );
  });
});

let turn = 0;

/** A module that differs from call to call. */
function hidden(module: Parameters<Pass['run']>[0]): ReturnType<Pass['run']> {
  return rebuild(module, (op) => (op.kind === 'image' ? { ...op, ref: { text: `image-${turn++}` } } : op));
}

describe('text in, text out', () => {
  const before = `
    %base = image "alpine" // what it starts from
    %unused = scratch
    target "default" = solve %base
  `;

  test('a pass on a text', async () => {
    expect(await applyPass(prune, before)).toEqual({
      text: formatIr('%0 = image "alpine"\ntarget "default" = solve %0'),
      changed: true,
      diagnostics: [],
      stats: [{ name: 'ops', before: 2, after: 1 }],
    });
  });

  test('places are kept where the text has them', async () => {
    const text = '%0 = scratch\n%1 = image "x" @ a.hlb:1:1-2\ntarget "t" = solve %1\nfile $0 = "a.hlb"\n';
    expect((await applyPass(prune, text)).text).toBe(
      '%0 = image "x" @ a.hlb:1:1-2\ntarget "t" = solve %0\nfile $0 = "a.hlb"\n',
    );
  });

  test('a pass that fails is an error, one that reports is not', async () => {
    await expect(applyPass({ name: 'bad', run: (module) => ({ ...module, targets: [] }) }, before)).rejects.toThrow(
      'the pass bad changed what it must keep\n  IR102: the targets were default and are ',
    );
    const reports = definePass({
      name: 'reports',
      run(module, ctx) {
        ctx.report({ message: 'forbidden' });
        return module;
      },
    });
    const { diagnostics, changed } = await applyPass(reports, before);
    expect([diagnostics.map(({ message }) => message), changed]).toEqual([['forbidden'], false]);
  });

  test('a text that is wrong shows where', () => {
    expect(() => readIr('%0 = scratch\n%1 = imag "x"')).toThrow('test.ir:2:6: there is no op imag');
    expect(() => readIr('%0 = host-os\n%1 = rm %0 "x"')).toThrow('IR004: %1 (rm): its operand %0 (host-os) is a text');
  });
});

describe('the meaning of a module', () => {
  const same = (a: string, b: string): readonly string[] => compareMeaning(readIr(a), readIr(b));

  test('is not in numbers, order, sharing, places, or what nothing needs', () => {
    expect(
      same(
        '%0 = image "a"\n%1 = image "a"\n%2 = scratch\n%3 = merge [%0, %1]\ntarget "x" = solve %3',
        '%0 = host-os\n%1 = image "a" @ f:1:1-2\n%2 = merge [%1, %1]\ntarget "x" = solve %2\nfile $0 = "f"',
      ),
    ).toEqual([]);
  });

  test('is not in how texts are put together', () => {
    expect(
      same(
        '%0 = host-os\n%1 = concat ["a", "b"]\n%2 = concat [%1, "", %0, "c", %1]\n%3 = concat [%2]\n%4 = image %3\n%5 = image %1\ntarget "x" = parallel { solve %4; solve %5; text %1 }',
        '%0 = host-os\n%1 = concat ["ab", %0, "cab"]\n%2 = image %1\n%3 = image "ab"\ntarget "x" = parallel { solve %2; solve %3; text "ab" }',
      ),
    ).toEqual([]);
  });

  test('of a local is what the host has there', () => {
    const local = (path: string, real: string) =>
      `%0 = local ${JSON.stringify(path)} resolved=(directory, "${real}")\ntarget "x" = solve %0`;
    expect(same(local('.', '/w'), local('./x/..', '/w'))).toEqual([]);
    expect(same(local('.', '/w'), local('.', '/v'))).not.toEqual([]);
  });

  test('is in every attribute that counts, and in outputs and targets', () => {
    expect(same('%0 = image "a"\ntarget "x" = solve %0', '%0 = image "b"\ntarget "x" = solve %0').length).toBe(1);
    expect(same('target "x" = nothing', 'target "x" = text ""').length).toBe(1);
    const output = (path: string) => `%0 = scratch\n%1 = download %0 "${path}"\noutput %1 []`;
    expect(same(output('a'), output('b'))).toEqual(['output 0 was download %0 "a" and is download %0 "b"']);
    expect(same('%0 = scratch', output('a'))).toEqual(['output 0 was none and is download %0 "a"']);
  });

  test('is that of itself', () => {
    fc.assert(
      fc.property(moduleArbitrary(), (module) => {
        expect(compareMeaning(module, module)).toEqual([]);
      }),
    );
  });

  test('changes with a text of an op that is needed', () => {
    const images = moduleArbitrary({ kinds: ['image', 'copy', 'concat'] });
    fc.assert(
      fc.property(images, (drawn) => {
        const image = drawn.ops.findIndex((op) => op.kind === 'image');
        fc.pre(image !== -1 && reachable(drawn).has(opId(image)));
        const changed = rebuild(drawn, (op, at) =>
          op.kind === 'image' && at.id === image ? { ...op, ref: { text: 'a text that nobody draws' } } : op,
        );
        expect(compareMeaning(drawn, changed)).not.toEqual([]);
      }),
    );
  });
});
