import { sourceFile, span } from '@hlb/diagnostics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeInvariants,
  formatViolation,
  type IrModule,
  invariants,
  makeOp,
  type Op,
  type Origin,
  opId,
  parseModule,
  printModule,
  verify,
  verifyChange,
  wellFormed,
} from '../index.js';
import { readIr } from '../testing/ir-text.js';

const file = sourceFile('a.hlb', 'fs default() {}');
const place = span(file, 0, 2);

function moduleOf(...ops: readonly Op[]): IrModule {
  return { ops, outputs: [], targets: [], files: [file] };
}

const scratch: Op = { kind: 'scratch', origins: [] };
const text: Op = { kind: 'host-os', origins: [] };

/** A module that breaks an invariant, and what is said of it. */
const broken: readonly (readonly [string, IrModule, string])[] = [
  [
    'IR002',
    moduleOf(scratch, makeOp('env', { input: opId(7), key: 'A', value: 'b' })),
    '%1 (env): its operand %7 is not in the module',
  ],
  [
    'IR003',
    moduleOf(makeOp('env', { input: opId(0), key: 'A', value: 'b' })),
    '%0 (env): its operand %0 does not stand before it',
  ],
  [
    'IR003',
    moduleOf(makeOp('rm', { input: opId(1), path: 'x' }), scratch),
    '%0 (rm): its operand %1 does not stand before it',
  ],
  ['IR004', moduleOf(text, makeOp('rm', { input: opId(0), path: 'x' })), '%1 (rm): its operand %0 (host-os) is a text'],
  ['IR005', moduleOf(scratch, makeOp('image', { ref: opId(0) })), '%1 (image): its text %0 (scratch) is no text'],
  [
    'IR006',
    moduleOf(scratch, makeOp('push-digest', { push: opId(0) })),
    '%1 (push-digest): what it names is a scratch',
  ],
  [
    'IR007',
    moduleOf(scratch, makeOp('run', { input: opId(0), args: ['x'], options: [{ kind: 'shlex' }], result: 0 })),
    '%1 (run): its result 0 is no mount among its options',
  ],
  [
    'IR007',
    moduleOf(
      scratch,
      makeOp('run', {
        input: opId(0),
        args: ['x'],
        options: [{ kind: 'mount', input: opId(0), target: '/', cache: { id: 'x', sharing: 'shared' } }],
        result: 0,
      }),
    ),
    '%1 (run): its result 0 is a cache',
  ],
  ['IR008', moduleOf(scratch, makeOp('run', { input: opId(0), args: [] })), '%1 (run): it has no arguments'],
  ['IR008', moduleOf(makeOp('command', { args: [] })), '%0 (command): it has no arguments'],
  ['IR009', moduleOf(makeOp('merge', { inputs: [] })), '%0 (merge): it has no inputs'],
  [
    'IR010',
    {
      ...moduleOf(scratch, makeOp('download-docker-tarball', { input: opId(0), path: 'x' })),
      outputs: [{ op: opId(1), stage: [] }],
    },
    '%1 (download-docker-tarball): it has no name',
  ],
  [
    'IR010',
    {
      ...moduleOf(scratch, makeOp('download-oci-tarball', { input: opId(0), path: 'x', ref: 'y' })),
      outputs: [{ op: opId(1), stage: [] }],
    },
    '%1 (download-oci-tarball): it has a name',
  ],
  ['IR011', moduleOf(makeOp('definition', { def: [], config: '[]' })), '%0 (definition): its config is neither'],
  ['IR011', moduleOf(makeOp('definition', { def: [], config: '{' })), '%0 (definition): its config is neither'],
  [
    'IR012',
    moduleOf(scratch, makeOp('download', { input: opId(0), path: 'x' })),
    '%1 (download): it is not among the outputs',
  ],
  [
    'IR012',
    { ...moduleOf(scratch), outputs: [{ op: opId(0), stage: [] }] },
    '%0 (scratch): the output %0 is a scratch',
  ],
  ['IR012', { ...moduleOf(scratch), outputs: [{ op: opId(3), stage: [] }] }, 'the output %3 is not in the module'],
  [
    'IR012',
    {
      ...moduleOf(scratch, makeOp('download', { input: opId(0), path: 'x' })),
      outputs: [
        { op: opId(1), stage: [] },
        { op: opId(1), stage: [] },
      ],
    },
    '%1 (download): the output %1 is listed twice',
  ],
  [
    'IR013',
    { ...moduleOf(scratch, makeOp('download', { input: opId(0), path: 'x' })), outputs: [{ op: opId(1), stage: [0] }] },
    '%1 (download): its stage starts from no target',
  ],
  [
    'IR013',
    {
      ...moduleOf(scratch, makeOp('download', { input: opId(0), path: 'x' })),
      outputs: [{ op: opId(1), stage: [-1] }],
    },
    '%1 (download): its stage [-1] has a place that is none',
  ],
  [
    'IR014',
    { ...moduleOf(text), targets: [{ name: 'x', request: { kind: 'solve', value: opId(0) } }] },
    '%0 (host-os): the target x asks to solve it',
  ],
  [
    'IR014',
    {
      ...moduleOf(scratch),
      targets: [{ name: 'x', request: { kind: 'parallel', requests: [{ kind: 'text', value: opId(0) }] } }],
    },
    '%0 (scratch): the target x asks to print it',
  ],
  [
    'IR014',
    { ...moduleOf(scratch), targets: [{ name: 'x', request: { kind: 'solve', value: opId(1) } }] },
    'what the target x asks for, %1, is not in the module',
  ],
  [
    'IR015',
    moduleOf({ kind: 'scratch', origins: [{ span: { ...place, file: sourceFile('b.hlb', '') }, caller: undefined }] }),
    "%0 (scratch): its origin is in a file that is not the module's, b.hlb",
  ],
  [
    'IR015',
    moduleOf({ kind: 'scratch', origins: [{ span: { ...place, end: -1 }, caller: undefined }] }),
    '%0 (scratch): its origin is no range: 0 to -1',
  ],
  ['IR015', moduleOf({ kind: 'scratch', origins: [circle()] }), '%0 (scratch): the calls of its origin go in a circle'],
];

function circle(): Origin {
  const origin: { span: Origin['span']; caller: Origin | undefined } = { span: place, caller: undefined };
  origin.caller = origin;
  return origin;
}

describe('an invariant that is broken is told', () => {
  test.each(broken)('%s', (code, module, message) => {
    expect(verify(module).map((violation) => formatViolation(violation, module))).toEqual([`${code}: ${message}`]);
  });

  test('for each of them', () => {
    expect([...new Set(broken.map(([code]) => code))]).toEqual(invariants.map(({ code }) => code));
  });

  test('and has a code of its own and a sentence', () => {
    const all = [wellFormed, ...invariants, ...changeInvariants];
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
    for (const { code, statement } of all) {
      expect(code).toMatch(/^IR\d{3}$/);
      expect(statement).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('an op that is none', () => {
  test.each<[unknown, string]>([
    [null, 'expected an op, found null'],
    [{ kind: 'nothing' }, 'there is no op of kind "nothing"'],
    [{ kind: 'scratch' }, 'attribute origins: expected a list of origins, found undefined'],
    [{ kind: 'scratch', origins: [{}] }, 'attribute origins: expected an origin, found a value of type object'],
    [{ kind: 'scratch', origins: [], input: 0 }, 'there is no attribute "input"'],
    [{ kind: 'dir', origins: [], input: 0, path: 'x' }, 'attribute path: expected a text, found "x"'],
    [
      { kind: 'dir', origins: [], input: 0.5, path: { text: 'x' } },
      'attribute input: expected the id of an op, found 0.5',
    ],
    [
      { kind: 'dir', origins: [], input: 0, path: { text: 'x', at: 3 } },
      'attribute path: at: expected a span, found 3',
    ],
    [
      {
        kind: 'mkdir',
        origins: [],
        input: 0,
        path: { text: 'x' },
        mode: 7,
        createParents: 1,
        chown: undefined,
        createdTime: undefined,
      },
      'attribute mode: expected a bigint from 0 to 2^63 - 1, found 7',
    ],
    [{ kind: 'definition', origins: [], def: ['x'], config: '' }, 'attribute def: item 0: expected bytes, found "x"'],
    [
      { kind: 'run', origins: [], input: 0, args: [], options: [{ kind: 'dir', path: 3 }], result: 'root' },
      'attribute options: item 0: dir: attribute path: expected a text, found 3',
    ],
    [
      { kind: 'run', origins: [], input: 0, args: [], options: [{ kind: 'x' }], result: 'root' },
      'attribute options: item 0: expected an option of run, found a value of type object',
    ],
    [
      { kind: 'run', origins: [], input: 0, args: [], options: [], result: 'first' },
      'attribute result: expected "root" or the place of an option, found "first"',
    ],
    [
      { kind: 'manifest', origins: [], ref: { text: 'x' }, part: 'all', platform: undefined },
      'attribute part: expected "manifest" or "digest" or "config" or "index", found "all"',
    ],
    [
      { kind: 'image', origins: [], ref: { text: 'x' }, platform: { os: { text: 'linux' } } },
      'attribute platform: arch: expected a text, found undefined',
    ],
    [
      {
        kind: 'frontend',
        origins: [],
        source: { text: 'x' },
        opts: [],
        inputs: [{ key: { text: 'k' }, value: 0, more: 1 }],
      },
      'attribute inputs: item 0: there is no "more"',
    ],
  ])('%j', (op, message) => {
    const module = withOps([op]);
    const [violation] = verify(module);
    expect(violation).toEqual({ code: 'IR001', op: 0, message });
  });

  test.each<[unknown, string]>([
    [undefined, 'what should be a module is none'],
    [[], 'what should be a module is none'],
    [{ ops: 3, outputs: [], targets: [], files: [] }, 'a module has a list of ops'],
    [
      { ops: [], outputs: [{ op: -1, stage: [] }], targets: [], files: [] },
      'a module has a list of outputs, each with an op and a stage',
    ],
    [{ ops: [], outputs: [], targets: [{}], files: [] }, 'a target has a name'],
    [
      { ops: [], outputs: [], targets: [{ name: 'x', request: { kind: 'all' } }], files: [] },
      'there is no request of kind "all" with these attributes',
    ],
    [
      { ops: [], outputs: [], targets: [{ name: 'x', request: { kind: 'parallel', requests: [null] } }], files: [] },
      'expected a request, found null',
    ],
    [{ ops: [], outputs: [], targets: [], files: ['x'] }, 'a module has a list of files'],
  ])('%j is no module', (value, message) => {
    const found: unknown[] = [];
    for (const violation of verify(foreign(value))) found.push(formatViolation(violation, foreign(value)));
    expect(found).toEqual([`IR001: ${message}`]);
  });

  test('a group of requests that holds itself', () => {
    const request: { kind: 'parallel'; requests: unknown[] } = { kind: 'parallel', requests: [] };
    request.requests.push(request);
    const module = foreign({ ops: [], outputs: [], targets: [{ name: 'x', request }], files: [] });
    expect(verify(module).map(({ message }) => message)).toEqual(['a group of requests holds itself']);
  });

  test('holes in a list of ops', () => {
    expect(verify(withOps(new Array(2))).length).toBe(2);
  });

  test('anything at all is never an exception', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(verify(foreign(value)).length).toBeGreaterThan(0);
        expect(verify(withOps([value])).length).toBeGreaterThan(0);
      }),
    );
  });

  test('at most a hundred violations are told', () => {
    expect(verify(withOps(Array.from({ length: 1000 }, () => 'x'))).length).toBe(100);
    const rm = makeOp('rm', { input: opId(5000), path: 'x' });
    expect(verify(moduleOf(...Array.from({ length: 1000 }, () => rm))).length).toBe(100);
  });
});

describe('what a pass must keep', () => {
  const before = `%0 = scratch
%1 = download %0 "a"
%2 = docker-push %1 "b"
output %1 [0]
output %2 [0]
target "x" = solve %2
target "y" = nothing`;
  const changed = (after: string) =>
    verifyChange(readIr(before), readIr(after)).map(({ code, message }) => `${code}: ${message}`);

  test('itself', () => expect(changed(before)).toEqual([]));

  test('other attributes, numbers and outputs are no harm', () => {
    const after = `%0 = image "x"
%1 = download %0 "c"
%2 = download %1 "other"
%3 = docker-push %2 "d"
output %2 [0]
output %1 [0]
output %3 [0]
target "x" = nothing
target "y" = solve %3`;
    expect(changed(after)).toEqual([]);
  });

  test('an output is gone', () => {
    expect(
      changed('%0 = scratch\n%1 = download %0 "a"\noutput %1 [0]\ntarget "x" = nothing\ntarget "y" = nothing'),
    ).toEqual(['IR101: the output %2 (docker-push) is gone or stands after a later one']);
  });

  test('outputs have changed places', () => {
    expect(changed(before.replace('output %1 [0]\noutput %2 [0]', 'output %2 [0]\noutput %1 [0]'))).toEqual([
      'IR101: the output %2 (docker-push) is gone or stands after a later one',
    ]);
  });

  test('an output has another stage', () => {
    expect(changed(before.replace('output %2 [0]', 'output %2 [1]')).length).toBe(1);
  });

  test('targets have other names', () => {
    expect(changed(before.replace('"y"', '"z"'))).toEqual(['IR102: the targets were x, y and are x, z']);
  });
});

test('groups of requests nest as deeply as functions do', () => {
  let request = 'nothing';
  for (let depth = 0; depth < 20_000; depth++)
    request = `${depth % 2 === 0 ? 'parallel' : 'sequential'} { solve %0; ${request} }`;
  const printed = `%0 = scratch\ntarget "x" = ${request}\n`;
  const { module } = parseModule(sourceFile('x.ir', printed));
  expect(module && verify(module)).toEqual([]);
  expect(module && printModule(module)).toBe(printed);
});

/** A value as it comes from code that no compiler has seen. */
function foreign(value: unknown): IrModule {
  return value as IrModule;
}

function withOps(ops: readonly unknown[]): IrModule {
  return foreign({ ops, outputs: [], targets: [], files: [] });
}
