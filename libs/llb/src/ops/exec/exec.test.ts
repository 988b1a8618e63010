import { describe, expect, test } from 'vitest';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { Output } from '../../graph/vertex.js';
import { localSource } from '../sources/local-source.js';
import { type Exec, type ExecOptions, exec } from './exec.js';

const base = localSource({ name: 'base' });
const other = localSource({ name: 'other' });

function run(options: Partial<ExecOptions>): Exec {
  return exec({ base, args: ['x'], cwd: '/', ...options });
}

/** `dest input output` of each mount, in the op's order. */
function mounts({ vertex }: Exec): readonly string[] {
  return vertex.op.value.mounts.map((mount) => `${mount.dest} ${mount.input} ${mount.output}`);
}

const indexOf = (output: Output | undefined): number | undefined => output?.index;

describe('mounts', () => {
  test('are sorted by their bytes, and outputs numbered in that order', () => {
    const one = run({
      mounts: [{ dest: '/z' }, { dest: '/a', source: other }, { dest: '\u{1f600}' }, { dest: '\uffee' }],
    });
    expect(mounts(one)).toEqual(['/ 0 0', '/a 1 1', '/z -1 2', '\uffee -1 3', '\u{1f600} -1 4']);
    expect([one.root, one.mount(0), one.mount(1), one.mount(2)].map(indexOf)).toEqual([0, 2, 1, 4]);
  });

  test('share an input where they mount the same', () => {
    const one = run({
      mounts: [
        { dest: '/a', source: other },
        { dest: '/b', source: base },
        { dest: '/c', source: other },
      ],
    });
    expect(mounts(one)).toEqual(['/ 0 0', '/a 1 1', '/b 0 2', '/c 1 3']);
    expect(one.vertex.inputs).toEqual([base, other]);
  });

  test('of one place keep the order in which they are given', () => {
    const one = run({ mounts: [{ dest: '/a', source: other }, { dest: '/a' }] });
    expect(mounts(one)).toEqual(['/ 0 0', '/a 1 1', '/a -1 2']);
    expect(indexOf(one.mount(1))).toBe(2);
  });

  test('that are read-only give what was mounted', () => {
    const one = run({ readonlyRoot: true, mounts: [{ dest: '/a', source: other, readonly: true }, { dest: '/b' }] });
    expect(one.root).toBe(base);
    expect(one.mount(0)).toBe(other);
    expect(mounts(one)).toEqual(['/ 0 -1', '/a 1 -1', '/b -1 0']);
    expect(run({ readonlyRoot: true, base: undefined }).root).toBeUndefined();
  });

  test.each([
    { dest: '/a', tmpfs: {} },
    { dest: '/a', cache: { id: 'c' } },
    { dest: '/a', noOutput: true },
  ])('%j gives nothing', (mount) => {
    const one = run({ mounts: [mount] });
    expect(() => one.mount(0)).toThrow(InvalidOpError);
    expect(() => one.mount(1)).toThrow(InvalidOpError);
  });

  test('a cache may start from something, and have no id', () => {
    const [, cache] = run({ mounts: [{ dest: '/c', source: other, cache: { id: '', sharing: 'private' } }] }).vertex.op
      .value.mounts;
    expect(cache).toMatchObject({ input: 1n, output: -1n, mountType: 3, cacheOpt: { ID: '', sharing: 1 } });
  });

  test.each([{ dest: '' }, { dest: '/a', source: other, selector: '/s', contentCache: 'on' as const }])(
    '%j can not be',
    (mount) => {
      expect(() => run({ mounts: [mount] })).toThrow(InvalidOpError);
    },
  );

  test('content is cached on where nothing is written', () => {
    const one = run({
      rootContentCache: 'off',
      mounts: [{ dest: '/a', source: other, selector: '/s', readonly: true, contentCache: 'on' }],
    });
    expect(one.vertex.op.value.mounts.map(({ contentCache }) => contentCache)).toEqual([2, 1]);
    expect(one.vertex.metadata.caps).toContain('exec.mount.cache.content');
  });
});

describe('secrets and sockets', () => {
  test('come after the mounts, in their order', () => {
    const one = run({
      mounts: [{ dest: '/z' }],
      secrets: [
        { id: 's', target: '/b', uid: 1, gid: 2, mode: 0o440 },
        { target: '/a', env: 'BOTH' },
      ],
      ssh: [{ target: '/sock', mode: 0o666 }, { id: 'i' }],
    });
    expect(mounts(one)).toEqual([
      '/ 0 0',
      '/z -1 1',
      '/b -1 0',
      '/a -1 0',
      '/sock -1 0',
      '/run/buildkit/ssh_agent.1 -1 0',
    ]);
    const { mounts: all, secretenv, meta } = one.vertex.op.value;
    expect(all[2]?.secretOpt).toEqual({ ID: 's', uid: 1, gid: 2, mode: 0o440, optional: false });
    expect(all[4]?.SSHOpt).toEqual({ ID: '', uid: 0, gid: 0, mode: 0o666, optional: false });
    expect(secretenv).toEqual([{ ID: '/a', name: 'BOTH', optional: false }]);
    expect(meta?.env).toEqual(['SSH_AUTH_SOCK=/sock']);
  });

  test('SSH_AUTH_SOCK of the caller stays', () => {
    const one = run({ env: [['SSH_AUTH_SOCK', '/mine']], ssh: [{}] });
    expect(one.vertex.op.value.meta?.env).toEqual(['SSH_AUTH_SOCK=/mine']);
  });
});

describe('the process', () => {
  test('a variable that is set again moves to the end', () => {
    const env: [string, string][] = [
      ['A', '1'],
      ['B', '2'],
      ['A', '3'],
    ];
    expect(run({ env }).vertex.op.value.meta?.env).toEqual(['B=2', 'A=3']);
  });

  test('needs arguments and a directory', () => {
    expect(() => run({ args: [] })).toThrow(InvalidOpError);
    expect(() => run({ cwd: '' })).toThrow(InvalidOpError);
  });

  test('needs capabilities for what it asks', () => {
    const one = run({
      base: undefined,
      network: 'none',
      security: 'insecure',
      devices: [{ name: 'vendor/dev' }],
      linuxResources: { memory: 1n },
      validExitCodes: [],
    });
    expect(one.vertex.metadata.caps).toEqual([
      'exec.meta.base',
      'exec.meta.cdi',
      'exec.meta.linux.resources',
      'exec.meta.network',
      'exec.meta.security',
      'exec.validexitcode',
    ]);
    expect(one.vertex.metadata.linuxResources).toEqual({ memory: 1n });
    expect(one.vertex.op.value.cdiDevices).toEqual([{ name: 'vendor/dev', optional: false }]);
  });
});
