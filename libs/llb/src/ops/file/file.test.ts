import { describe, expect, test } from 'vitest';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { Output } from '../../graph/vertex.js';
import { build, passthrough } from '../build.js';
import { diff, merge } from '../merge-diff.js';
import { localSource } from '../sources/local-source.js';
import { type FileOptions, file } from './file.js';
import { parseOwner } from './owner.js';

const base = localSource({ name: 'base' });
const other = localSource({ name: 'other' });

/** `kind input secondary output` of each action. */
function actions(options: FileOptions): readonly string[] {
  const { vertex } = file(options);
  const all = vertex.kind === 'file' ? vertex.op.value.actions : [];
  return all.map(({ action, input, secondaryInput, output }) => {
    return `${action?.$case} ${input} ${secondaryInput} ${output}`;
  });
}

function caps(options: FileOptions): readonly string[] {
  return file(options).vertex.metadata.caps;
}

describe('actions', () => {
  test('are chained: numbers above the inputs are those of actions', () => {
    const numbers = actions({
      base,
      actions: [
        { kind: 'rm', path: '/a' },
        { kind: 'copy', from: other, src: '/', dest: '/' },
        { kind: 'copy', from: base, src: '/', dest: '/' },
        { kind: 'copy', from: undefined, src: '/', dest: '/' },
      ],
    });
    expect(numbers).toEqual(['rm 0 -1 -1', 'copy 2 1 -1', 'copy 3 0 -1', 'copy 4 -1 0']);
  });

  test('that another copies from come before it, and only once', () => {
    const inner = { base: other, dir: '/in', actions: [{ kind: 'mkdir' as const, path: 'd', mode: 0o755 }] };
    const options: FileOptions = {
      base,
      actions: [
        { kind: 'copy', from: inner, src: 'd', dest: '/1' },
        { kind: 'copy', from: inner, src: 'd', dest: '/2' },
      ],
    };
    expect(actions(options)).toEqual(['mkdir 1 -1 -1', 'copy 0 2 -1', 'copy 3 2 0']);
    const { vertex } = file(options);
    const [mkdir, copy] = vertex.kind === 'file' ? vertex.op.value.actions : [];
    expect(mkdir?.action?.value).toMatchObject({ path: '/in/d' });
    expect(copy?.action?.value).toMatchObject({ src: '/in/d' });
  });

  test('are needed', () => {
    expect(() => file({ base, actions: [] })).toThrow(InvalidOpError);
    expect(() =>
      file({ base, actions: [{ kind: 'copy', from: { base: other, actions: [] }, src: '/', dest: '/' }] }),
    ).toThrow(InvalidOpError);
  });

  test('keep the permission bits of a mode, but a copy all of it', () => {
    const { vertex } = file({
      base,
      actions: [
        { kind: 'mkdir', path: '/d', mode: 0o1777 },
        { kind: 'copy', from: other, src: '/', dest: '/', mode: 0o4755 },
      ],
    });
    const modes = vertex.kind === 'file' ? vertex.op.value.actions.map(({ action }) => action?.value) : [];
    expect(modes).toMatchObject([{ mode: 0o777 }, { mode: 0o4755, modeStr: '' }]);
    expect(() => file({ base, actions: [{ kind: 'copy', from: other, src: '/', dest: '/', mode: 2 ** 31 }] })).toThrow(
      InvalidOpError,
    );
  });

  test('need capabilities that engines announce', () => {
    expect(caps({ base, actions: [{ kind: 'rm', path: '*', allowWildcard: true }] })).toEqual([
      'file.base',
      'file.rm.wildcard',
    ]);
    const copy = { kind: 'copy', from: other, src: '/', dest: '/' } as const;
    expect(caps({ base, actions: [{ ...copy, includePatterns: [], excludePatterns: [] }] })).toEqual(['file.base']);
    expect(
      caps({
        base,
        actions: [{ ...copy, excludePatterns: ['a'], alwaysReplaceExistingDestPaths: true, requiredPaths: ['b'] }],
      }),
    ).toEqual([
      'file.base',
      'file.copy.alwaysreplaceexistingdestpaths',
      'file.copy.includeexcludepatterns',
      'file.copy.requiredpaths',
    ]);
  });
});

describe('owners', () => {
  test.each([
    ['root', { user: 0 }],
    ['1000', { user: 1000 }],
    ['root:1000', { user: 0, group: 1000 }],
    ['bob:staff:x', { user: 'bob', group: 'staff:x' }],
    ['bob:', { user: 'bob', group: '' }],
    ['2147483648', { user: '2147483648' }],
    ['-1', { user: -1 }],
    ['0x10', { user: '0x10' }],
  ])('%s', (text, owner) => {
    expect(parseOwner(text)).toEqual(owner);
  });

  test('names are looked up in the base of their chain', () => {
    const inputs = (from: Output | undefined): unknown => {
      const { vertex } = file({ base: from, actions: [{ kind: 'mkdir', path: '/', mode: 0, owner: 'bob:7' }] });
      const [action] = vertex.kind === 'file' ? vertex.op.value.actions : [];
      return action?.action?.value;
    };
    const owner = (input: bigint): object => ({
      owner: {
        user: { user: { $case: 'byName', value: { name: 'bob', input } } },
        group: { user: { $case: 'byID', value: 7 } },
      },
    });
    expect(inputs(base)).toMatchObject(owner(0n));
    expect(inputs(undefined)).toMatchObject(owner(-1n));
  });

  test('ids beyond 32 bits can not be', () => {
    const make = (user: number): Output =>
      file({ base, actions: [{ kind: 'mkdir', path: '/', mode: 0, owner: { user } }] });
    expect(() => make(2 ** 32)).toThrow(InvalidOpError);
    expect(() => make(1.5)).toThrow(InvalidOpError);
  });
});

describe('merge and diff', () => {
  test('leave scratch out where that changes nothing', () => {
    expect(merge([])).toBeUndefined();
    expect(merge([undefined, undefined])).toBeUndefined();
    expect(merge([undefined, base])).toBe(base);
    expect(diff(undefined, base)).toBe(base);
    expect(diff(undefined, undefined)).toBeUndefined();
  });

  test('name what they need', () => {
    expect(merge([base, other])?.vertex.metadata.caps).toEqual(['mergeop']);
    expect(diff(base, undefined)?.vertex.metadata.caps).toEqual(['diffop']);
  });
});

describe('build and passthrough', () => {
  test('a build without a file name has no attribute', () => {
    const { vertex } = build({ source: base });
    expect(vertex.kind === 'build' && vertex.op.value.attrs.size).toBe(0);
    expect(vertex.metadata.caps).toEqual(['source.buildop.llbfilename']);
  });

  test('a passthrough gives an output for each that was asked for', () => {
    const outputs = passthrough({ id: 'p', inputs: [undefined, base, other], outputs: [2, 0, 1] });
    expect(outputs.map((output) => output?.index)).toEqual([0, undefined, 1]);
    const vertex = outputs[0]?.vertex;
    expect(vertex?.kind === 'passthrough' && vertex.op.value.outputs).toEqual([1n, 0n]);
    expect(vertex?.inputs).toEqual([base, other]);
  });

  test.each([
    { id: '', inputs: [base], outputs: [0] },
    { id: 'p', inputs: [base], outputs: [1] },
    { id: 'p', inputs: [base], outputs: [] },
    { id: 'p', inputs: [undefined], outputs: [0] },
  ])('%#: a passthrough that can not be', (options) => {
    expect(() => passthrough(options)).toThrow(InvalidOpError);
  });
});
