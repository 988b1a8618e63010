import { type Span, sourceFile } from '@hlb/diagnostics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  equalOps,
  hashOp,
  type IrModule,
  keepOps,
  ModuleBuilder,
  makeOp,
  mapOperands,
  mapRequest,
  moduleToDot,
  moduleToMermaid,
  type Op,
  OpTable,
  opAt,
  operandUses,
  opId,
  parseModule,
  placeOf,
  printModule,
  reachable,
  rebuild,
  replaceOps,
  requestOperands,
  users,
  verify,
} from './index.js';
import { readIr } from './testing/ir-text.js';
import { compareMeaning } from './testing/meaning.js';
import { moduleArbitrary } from './testing/module-arbitrary.js';

const module = readIr(`
  %0 = image "alpine"
  %1 = host-os
  %2 = env %0 "OS" %1
  %3 = run %2 ["make"] { mount %0 "/base" } result=0
  %4 = scratch
  %5 = download %3 "out"
  output %5 [0]
  target "default" = solve %5
`);

const show = (of: IrModule): string => printModule(of, { origins: false });

describe('rebuilding', () => {
  test('gives the same module where nothing changes', () => {
    expect(rebuild(module, (op) => op)).toBe(module);
    expect(replaceOps(module, new Map())).toBe(module);
    expect(keepOps(module, () => true)).toBe(module);
  });

  test('inserts before and replaces', () => {
    const result = rebuild(module, (op, at) => {
      if (op.kind !== 'run') return op;
      const input = at.add(makeOp('user', { input: op.input, name: 'dev' }, op.origins));
      expect(at.op(input).kind).toBe('user');
      expect(at.size).toBe(input + 1);
      return { ...op, input };
    });
    expect(show(result)).toBe(`%0 = image "alpine"
%1 = host-os
%2 = env %0 "OS" %1
%3 = user %2 "dev"
%4 = run %3 ["make"] { mount %0 "/base" } result=0
%5 = scratch
%6 = download %4 "out"
output %6 [0]
target "default" = solve %6
`);
  });

  test('reads something else in place of an op, and drops what nothing reads', () => {
    const result = rebuild(module, (op) => (op.kind === 'env' ? op.input : op.kind === 'scratch' ? undefined : op));
    expect(show(result)).toBe(`%0 = image "alpine"
%1 = host-os
%2 = run %0 ["make"] { mount %0 "/base" } result=0
%3 = download %2 "out"
output %3 [0]
target "default" = solve %3
`);
  });

  test('replaces by ids and ops of the old module', () => {
    const replacements = new Map<ReturnType<typeof opId>, Op | ReturnType<typeof opId>>([
      [opId(2), opId(0)],
      [opId(4), makeOp('dir', { input: opId(3), path: '/x' })],
    ]);
    expect(show(replaceOps(module, replacements))).toContain('%3 = dir %2 "/x"');
  });

  test('refuses to drop what something reads', () => {
    expect(() => keepOps(module, (id) => id !== 0)).toThrow('%0 is not in the new module');
    expect(() => rebuild(module, (op, at) => at.moved(opId(5)) && op)).toThrow(RangeError);
    expect(() => rebuild(module, (op, at) => at.op(opId(3)) && op)).toThrow(RangeError);
  });

  test('keeping what is reachable keeps the meaning and all invariants', () => {
    fc.assert(
      fc.property(moduleArbitrary(), (drawn) => {
        const kept = reachable(drawn);
        const pruned = keepOps(drawn, (id) => kept.has(id));
        expect(verify(pruned)).toEqual([]);
        expect(compareMeaning(drawn, pruned)).toEqual([]);
        expect(reachable(pruned).size).toBe(pruned.ops.length);
      }),
    );
  });

  test('sharing what is equal keeps the meaning and all invariants', () => {
    fc.assert(
      fc.property(moduleArbitrary(), (drawn) => {
        const table = new OpTable();
        const shared = rebuild(drawn, (op, at) => {
          if (drawn.outputs.some((output) => output.op === at.id)) return op;
          const id = opId(at.size);
          const known = table.intern(op, id);
          return known === id ? op : known;
        });
        expect(verify(shared)).toEqual([]);
        expect(compareMeaning(drawn, shared)).toEqual([]);
      }),
    );
  });
});

describe('walking', () => {
  test('who reads an op', () => {
    expect(users(module)).toEqual([[2, 3], [2], [3], [5], [], []]);
  });

  test('what outputs and targets need', () => {
    expect([...reachable(module)].sort()).toEqual([0, 1, 2, 3, 5]);
    expect([...reachable(module, [opId(4)])].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('where operands stand', () => {
    expect(operandUses(opAt(module, opId(3)))).toEqual([
      { id: 2, attribute: 'input', type: 'fs' },
      { id: 0, attribute: 'options', type: 'fs' },
    ]);
    expect(operandUses(opAt(module, opId(2)))[1]).toEqual({ id: 1, attribute: 'value', type: 'string' });
  });

  test('an id that is none', () => {
    expect(() => opAt(module, opId(9))).toThrow('there is no %9 in a module of 6 ops');
    expect(() => opId(-1)).toThrow(RangeError);
    expect(() => new ModuleBuilder().op(opId(0))).toThrow(RangeError);
  });

  test('the place of an op, and the calls around it from the outside in', () => {
    const text = '%0 = scratch @ a:3:1-2 <- #0\n%1 = scratch\nfile $0 = "a"\nloc #0 = a:2:1-2 <- a:1:1-2';
    const { ops = [] } = parseModule(sourceFile('x', text)).module ?? {};
    const [first, second] = ops.map((op) => {
      const { at, frames } = placeOf(op);
      return [at, ...frames].map((span) => span?.file.position(span.start).line);
    });
    expect(first).toEqual([3, 1, 2]);
    const [op] = ops;
    const argument = op && placeOf(op, { text: 'x', at: { ...op.origins[0]?.span, start: 0 } as Span }).at;
    expect(argument?.start).toBe(0);
    expect(second).toEqual([undefined]);
  });

  test('requests, however deep', () => {
    let request = mapRequest({ kind: 'solve', value: opId(1) }, () => opId(2));
    for (let depth = 0; depth < 20_000; depth++)
      request = { kind: 'parallel', requests: [request, { kind: 'nothing' }] };
    expect(requestOperands(request)).toEqual([2]);
    expect(mapRequest(request, (id) => id)).toBe(request);
    expect(requestOperands(mapRequest(request, () => opId(3)))).toEqual([3]);
    expect(mapRequest({ kind: 'parallel', requests: [] }, () => opId(3))).toEqual({ kind: 'parallel', requests: [] });
  });
});

describe('equality', () => {
  const op = makeOp('run', { input: opId(0), args: ['a', opId(1)], options: [{ kind: 'env', key: 'A', value: 'b' }] });

  test.each<[string, Op]>([
    ['another operand', { ...op, input: opId(1) }],
    ['another text operand', mapOperands(op, (id) => opId(id === 1 ? 2 : id))],
    ['another text', { ...op, args: [{ text: 'b' }, { text: opId(1) }] }],
    ['a text like an id', { ...op, args: [{ text: 'a' }, { text: '1' }] }],
    ['more texts', { ...op, args: [...op.args, { text: 'a' }] }],
    ['another option', { ...op, options: [{ kind: 'shlex' }] }],
    ['another value in an option', { ...op, options: [{ kind: 'env', key: { text: 'A' }, value: { text: 'c' } }] }],
    ['no options', { ...op, options: [] }],
    ['another kind', makeOp('cmd', { input: opId(0), args: ['a', opId(1)] })],
  ])('%s is another op', (_name, other) => {
    expect(equalOps(op, other)).toBe(false);
    expect(equalOps(other, op)).toBe(false);
    expect(hashOp(other)).not.toBe(hashOp(op));
  });

  test('bytes, numbers, records and what is absent count', () => {
    const definition = (byte: number): Op => makeOp('definition', { def: [new Uint8Array([byte])] });
    expect(equalOps(definition(1), definition(1))).toBe(true);
    expect(equalOps(definition(1), definition(2))).toBe(false);
    const image = (arch?: string): Op =>
      makeOp('image', { ref: 'a', platform: arch === undefined ? undefined : { os: 'linux', arch } });
    expect(equalOps(image('x'), image('x'))).toBe(true);
    expect(equalOps(image('x'), image('y'))).toBe(false);
    expect(equalOps(image('x'), image())).toBe(false);
    expect(
      equalOps(
        makeOp('mkdir', { input: opId(0), path: 'x', mode: 1n }),
        makeOp('mkdir', { input: opId(0), path: 'x', mode: 2n }),
      ),
    ).toBe(false);
  });

  test('a table gives the first of equal ops', () => {
    const table = new OpTable();
    expect(table.intern(makeOp('scratch', {}), opId(0))).toBe(0);
    expect(table.intern(op, opId(1))).toBe(1);
    expect(table.intern({ ...op, origins: [] }, opId(2))).toBe(1);
  });
});

describe('making ops', () => {
  test('what goes without saying is filled in, plain strings and ids become texts', () => {
    expect(makeOp('copy', { input: opId(0), source: opId(1), src: '/a', dst: opId(2), chown: 'x' })).toEqual({
      kind: 'copy',
      input: 0,
      source: 1,
      src: { text: '/a' },
      dst: { text: 2 },
      followSymlinks: false,
      contentsOnly: false,
      unpack: false,
      createDestPath: false,
      allowWildcard: false,
      allowEmptyWildcard: false,
      chown: { text: 'x' },
      chmod: undefined,
      createdTime: undefined,
      include: [],
      exclude: [],
      link: false,
      continued: false,
      origins: [],
    });
    const run = makeOp('run', {
      input: opId(0),
      args: ['x'],
      options: [{ kind: 'mount', input: opId(0), target: '/m' }],
    });
    expect(run.result).toBe('root');
    expect(run.options).toEqual([
      {
        kind: 'mount',
        input: 0,
        target: { text: '/m' },
        readonly: false,
        tmpfs: false,
        sourcePath: undefined,
        cache: undefined,
        named: false,
      },
    ]);
    const frontend = makeOp('frontend', {
      source: 'x',
      opts: [{ key: 'a', value: 'b' }],
      inputs: [{ key: 'c', value: opId(0) }],
    });
    expect(frontend.opts).toEqual([{ key: { text: 'a' }, value: { text: 'b' } }]);
    expect(frontend.inputs).toEqual([{ key: { text: 'c' }, value: 0 }]);
  });

  test('what makes no op is refused', () => {
    const attributes: object = { input: opId(0), mode: 1 };
    expect(() => makeOp('mkdir', attributes as never)).toThrow('no op of kind mkdir: attribute path: expected a text');
    expect(() => makeOp('scratch', { more: 1 } as never)).toThrow('there is no attribute "more"');
  });
});

describe('graphs', () => {
  const graph = readIr(`
    %0 = image "a\\"b\\\\<c>#&\\n"
    %1 = host-os
    %2 = env %0 "OS" %1
    %3 = copy %2 %0 "/a" "/b"
    %4 = download %3 "out"
    output %4 [0]
    target "x" = parallel { solve %4; text %1 }
  `);

  test('DOT', () => {
    expect(moduleToDot(graph)).toBe(String.raw`digraph ir {
  rankdir=BT;
  node [shape=box, fontname=monospace];
  op0 [label="%0 = image \"a\\\"b\\\\<c>#&\\n\"", style=filled, fillcolor=lightblue];
  op1 [label="%1 = host-os", shape=note];
  op2 [label="%2 = env %0 \"OS\" %1", style=dotted];
  op3 [label="%3 = copy %2 %0 \"/a\" \"/b\""];
  op4 [label="%4 = download %3 \"out\"", style=filled, fillcolor=lightyellow];
  target0 [label="target \"x\"", shape=doubleoctagon];
  op0 -> op2;
  op1 -> op2 [label="value", style=dashed];
  op2 -> op3;
  op0 -> op3 [label="source"];
  op3 -> op4;
  op4 -> target0;
  op1 -> target0 [style=dashed];
}
`);
  });

  test('Mermaid', () => {
    expect(moduleToMermaid(graph)).toBe(`flowchart BT
  op0(["%0 = image #34;a#92;#34;b#92;#92;#60;c#62;#35;#38;#92;n#34;"])
  op1>"%1 = host-os"]
  op2["%2 = env %0 #34;OS#34; %1"]
  op3["%3 = copy %2 %0 #34;/a#34; #34;/b#34;"]
  op4[/"%4 = download %3 #34;out#34;"/]
  target0(("target #34;x#34;"))
  op0 --> op2
  op1 -.->|"value"| op2
  op2 --> op3
  op0 -->|"source"| op3
  op3 --> op4
  op4 --> target0
  op1 -.-> target0
`);
  });

  test('long labels are cut', () => {
    const [, , , label = ''] = moduleToDot(readIr(`%0 = image "${'💥'.repeat(200)}"`)).split('\n');
    expect([...label].length).toBeLessThan(150);
    expect(label).toContain('💥…"');
  });
});

test('a module of 100,001 ops in a chain is built, verified, shared, rebuilt, printed and read', () => {
  const builder = new ModuleBuilder();
  let last = builder.add(makeOp('scratch', {}));
  for (let index = 0; index < 100_000; index++) {
    last = builder.add(makeOp('mkfile', { input: last, path: `/f${index}`, mode: 0o644n, content: 'x' }));
  }
  builder.target('default', { kind: 'solve', value: last });
  const large = builder.build();
  expect(verify(large)).toEqual([]);
  const table = new OpTable();
  for (const [index, op] of large.ops.entries()) expect(table.intern(op, opId(index))).toBe(index);
  expect(rebuild(large, (op) => op)).toBe(large);
  expect(reachable(large).size).toBe(100_001);
  expect(users(large).length).toBe(100_001);
  expect(
    compareMeaning(
      large,
      keepOps(large, () => true),
    ),
  ).toEqual([]);
  const text = show(large);
  const { module: read } = parseModule(sourceFile('x.ir', text));
  expect(read && show(read)).toBe(text);
});
