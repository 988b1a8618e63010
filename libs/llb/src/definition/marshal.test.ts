import type { Digest } from '@hlb/names';
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeOp } from '../encoding/op.js';
import type { SourceFile, SourceLocation } from '../graph/source-location.js';
import type { Output, Vertex } from '../graph/vertex.js';
import { digestOf } from '../names/digest.js';
import type { Platform } from '../names/platform.js';
import { exec } from '../ops/exec/exec.js';
import { file } from '../ops/file/file.js';
import { diff, merge } from '../ops/merge-diff.js';
import { imageSource } from '../ops/sources/image-source.js';
import { localSource } from '../ops/sources/local-source.js';
import { sourceOp } from '../ops/sources/source.js';
import type { Definition } from './definition.js';
import { marshal } from './marshal.js';

const platform: Platform = { os: 'linux', architecture: 'amd64' };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Any graph: each step makes a vertex from results of earlier ones, of which some are the same op made again. */
const anyGraph: Arbitrary<Output> = fc
  .array(fc.tuple(fc.nat(4), fc.nat(), fc.nat(), fc.nat(3)), { minLength: 1, maxLength: 40 })
  .map((steps) => {
    const made: Output[] = [imageSource({ ref: 'alpine' })];
    const pick = (place: number): Output | undefined => made[place % made.length];
    for (const [kind, first, second, variety] of steps) {
      const [a, b] = [pick(first), pick(second)];
      const next = step(kind, a, b, variety);
      if (next !== undefined) {
        made.push(next);
      }
    }
    return made.at(-1) ?? imageSource({ ref: 'alpine' });
  });

function step(kind: number, a: Output | undefined, b: Output | undefined, variety: number): Output | undefined {
  switch (kind) {
    case 0:
      return localSource({ name: `local-${variety}` });
    case 1:
      return exec({ base: a, args: ['run', String(variety)], cwd: '/', mounts: [{ dest: '/m', source: b }] }).mount(0);
    case 2:
      return file({
        base: a,
        actions: [
          { kind: 'copy', from: b, src: '/', dest: `/${variety}` },
          { kind: 'mkfile', path: '/f', mode: 0o644, data: text('x'), owner: 'bob' },
        ],
      });
    case 3:
      return merge([a, b]);
    default:
      return diff(a, b);
  }
}

function checkLayout(definition: Definition): void {
  const { def, digests } = definition;
  expect(digests).toEqual(def.map(digestOf));
  expect(new Set(digests).size).toBe(digests.length);
  expect([...definition.metadata.keys()].sort()).toEqual([...digests].sort());
  const ops = def.map(decodeOp);
  const needed = new Set<string>();
  for (const [place, op] of ops.entries()) {
    for (const input of op.inputs) {
      expect(digests.slice(0, place)).toContain(input.digest);
      needed.add(input.digest);
    }
    if (place < ops.length - 1) {
      expect(op.constraints).toBeDefined();
      expect(op.op).toBeDefined();
    }
  }
  const terminal = ops.at(-1);
  expect(terminal).toMatchObject({ op: undefined, platform: undefined, constraints: undefined });
  expect(terminal?.inputs).toHaveLength(1);
  // All but the terminal op are needed, so nothing is listed in vain.
  expect(needed).toEqual(new Set(digests.slice(0, -1)));
}

test('any graph becomes a definition by the rules', () => {
  fc.assert(
    fc.property(anyGraph, (result) => {
      checkLayout(marshal(result, { platform }));
    }),
    { numRuns: 200 },
  );
});

test('it is the same each time, also when the graph is made anew', () => {
  fc.assert(
    fc.property(anyGraph, (result) => {
      const first = marshal(result, { platform });
      expect(marshal(result, { platform })).toEqual(first);
      expect(marshal(copyOf(result, new Map()), { platform }).digests).toEqual(first.digests);
    }),
    { numRuns: 50 },
  );
});

/** The same graph in new vertices, in which nothing is encoded yet. */
function copyOf(output: Output, made: Map<Vertex, Vertex>): Output {
  const { vertex } = output;
  let copy = made.get(vertex);
  if (copy === undefined) {
    const inputs = vertex.inputs.map((input) => copyOf(input, made));
    copy = { ...vertex, inputs, traversal: vertex.traversal.map((input) => copyOf(input, made)) };
    made.set(vertex, copy);
  }
  return { vertex: copy, index: output.index };
}

test('scratch has no ops', () => {
  expect(marshal(undefined, { platform })).toEqual({ def: [], digests: [], metadata: new Map() });
});

test('a chain of 20,000 and a merge of 20,000', () => {
  let chain = imageSource({ ref: 'alpine' });
  for (let place = 0; place < 20_000; place += 1) {
    chain = file({ base: chain, actions: [{ kind: 'rm', path: `/${place}` }] });
  }
  expect(marshal(chain, { platform }).def).toHaveLength(20_002);
  const wide = merge(Array.from({ length: 20_000 }, (_, place) => localSource({ name: String(place) })));
  expect(marshal(wide, { platform }).def).toHaveLength(20_002);
});

describe('equal ops', () => {
  const twice = (): [Output, Output] => [imageSource({ ref: 'alpine' }), imageSource({ ref: 'docker.io/alpine' })];
  const [one, other] = twice();

  test('are one input of an exec, with its mounts renumbered', () => {
    const apart = exec({
      base: one,
      args: ['x'],
      cwd: '/',
      mounts: [
        { dest: '/a', source: other },
        { dest: '/b', source: localSource({ name: 'l' }) },
      ],
    });
    const together = exec({
      base: one,
      args: ['x'],
      cwd: '/',
      mounts: [
        { dest: '/a', source: one },
        { dest: '/b', source: localSource({ name: 'l' }) },
      ],
    });
    expect(marshal(apart.root, { platform }).digests).toEqual(marshal(together.root, { platform }).digests);
  });

  test('are one input of a file op, whose actions and owners are renumbered', () => {
    const chain = (base: Output, from: Output): Output =>
      file({
        base,
        actions: [
          { kind: 'copy', from, src: '/a', dest: '/b', owner: 'bob:staff' },
          { kind: 'mkdir', path: '/c', mode: 0o755, owner: { user: 'bob', group: 5 } },
          { kind: 'mkfile', path: '/d', mode: 0o644, data: text('d'), owner: 'bob' },
          { kind: 'symlink', target: '/a', path: '/e', owner: 'bob' },
          { kind: 'rm', path: '/f' },
          { kind: 'copy', from: localSource({ name: 'l' }), src: '/', dest: '/g' },
        ],
      });
    const definition = marshal(chain(one, other), { platform });
    expect(definition.digests).toEqual(marshal(chain(one, one), { platform }).digests);
    checkLayout(definition);
  });

  test('stay apart in merge and diff', () => {
    const inputs = (result: Output | undefined): number | undefined =>
      decodeOp(marshal(result, { platform }).def.at(-2) ?? new Uint8Array()).inputs.length;
    expect(inputs(merge([one, other, one]))).toBe(3);
    expect(inputs(diff(one, other))).toBe(2);
  });

  test('share their metadata and keep all their places', () => {
    const at = (line: number): SourceLocation => {
      const position = { line, character: 2 };
      return { file: { ...program }, ranges: [{ start: position, end: position }] };
    };
    const program: SourceFile = { filename: 'build.hlb', data: text('fs default() {}\n'), language: 'HLB' };
    const first = localSource({
      name: 'l',
      locations: [at(1), at(2)],
      ignoreCache: true,
      description: { a: '1', b: '1' },
    });
    const second = localSource({
      name: 'l',
      locations: [at(3)],
      description: { b: '2' },
      exportCache: false,
      progressGroup: { id: 'g', name: 'G' },
    });
    const definition = marshal(merge([first, second]), { platform });
    const [digest] = definition.digests;
    expect(definition.def).toHaveLength(3);
    expect(digest && definition.metadata.get(digest)).toEqual({
      caps: ['source.local'],
      ignoreCache: true,
      description: { a: '1', b: '2' },
      exportCache: false,
      progressGroup: { id: 'g', name: 'G' },
    });
    expect(definition.source?.infos).toEqual([program]);
    const lines = digest && definition.source?.locations.get(digest)?.map(({ ranges }) => ranges[0]?.start.line);
    expect(lines).toEqual([1, 2, 3]);
  });
});

test('files of the same name but another text are different files', () => {
  const at = (data: string): SourceLocation => ({
    file: { filename: 'build.hlb', data: text(data), language: 'HLB' },
    ranges: [],
  });
  const result = merge([
    localSource({ name: 'a', locations: [at('1')] }),
    localSource({ name: 'b', locations: [at('2')] }),
  ]);
  expect(marshal(result, { platform }).source?.infos.map(({ data }) => Buffer.from(data).toString())).toEqual([
    '1',
    '2',
  ]);
});

test('the order of a file op: the base, then what is copied, from the last action to the first', () => {
  const local = (name: string): Output => localSource({ name });
  const result = file({
    base: local('base'),
    actions: [
      { kind: 'copy', from: local('first'), src: '/', dest: '/' },
      {
        kind: 'copy',
        from: {
          base: local('inner base'),
          actions: [{ kind: 'copy', from: local('inner'), src: '/', dest: '/' }],
        },
        src: '/',
        dest: '/',
      },
      { kind: 'copy', from: local('last'), src: '/', dest: '/' },
    ],
  });
  const { def } = marshal(result, { platform });
  const names = def.map(decodeOp).map(({ op }) => (op?.$case === 'source' ? op.value.identifier : op?.$case));
  expect(names).toEqual([
    'local://base',
    'local://last',
    'local://inner base',
    'local://inner',
    'local://first',
    'file',
    undefined,
  ]);
});

describe('defaults', () => {
  const platforms = (result: Output | undefined, options: Parameters<typeof marshal>[1]): readonly unknown[] =>
    marshal(result, options)
      .def.map(decodeOp)
      .map((op) => op.platform?.Architecture);

  test("the platform is the definition's unless an op has its own, and some ops have none", () => {
    const base = imageSource({ ref: 'alpine', platform: { os: 'linux', architecture: 'arm64' } });
    const run = exec({ base, args: ['x'], cwd: '/', mounts: [{ dest: '/l', source: localSource({ name: 'l' }) }] });
    const copy = file({ base: run.root, actions: [{ kind: 'rm', path: '/x' }] });
    expect(platforms(copy, { platform })).toEqual(['arm64', undefined, 'amd64', undefined, undefined]);
    // The same vertices, with other defaults.
    expect(platforms(copy, { platform: { os: 'linux', architecture: 's390x' } })[2]).toBe('s390x');
    expect(platforms(copy, { platform })[2]).toBe('amd64');
  });

  test('blobs have no platform', () => {
    const blob = sourceOp({ identifier: `docker-image+blob://docker.io/library/a@sha256:${'0'.repeat(64)}` });
    expect(platforms(blob, { platform })).toEqual([undefined, undefined]);
  });

  test("worker filters come before an op's own", () => {
    const result = localSource({ name: 'l', filters: ['own'] });
    const digests = new Set<Digest | undefined>();
    for (const filters of [['default'], [], undefined]) {
      const { def, digests: made } = marshal(result, { platform, filters });
      expect(decodeOp(def[0] ?? new Uint8Array()).constraints?.filter).toEqual([...(filters ?? []), 'own']);
      digests.add(made[0]);
    }
    expect(digests.size).toBe(2);
  });
});
