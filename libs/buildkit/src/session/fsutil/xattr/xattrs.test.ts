import { afterEach, expect, test, vi } from 'vitest';
import type { XattrCalls } from './xattr-calls.js';
import { isReceived, setXattrs, XattrReader } from './xattrs.js';

afterEach(() => {
  vi.doUnmock('node:module');
  vi.resetModules();
});

/** Attributes of files by path; what is set lands in `set`. */
function fakeCalls(files: Readonly<Record<string, Readonly<Record<string, Buffer | null>>>>): XattrCalls & {
  readonly listed: string[];
  readonly set: (path: string, name: string, value: Buffer) => void;
  readonly done: string[];
} {
  const listed: string[] = [];
  const done: string[] = [];
  const set = (path: string, name: string, value: Buffer): void => {
    if (name.startsWith('security.')) throw new Error('Operation not permitted (os error 1)');
    done.push(`${path} ${name}=${value}`);
  };
  return {
    listed,
    done,
    list: (path) => {
      listed.push(path);
      const file = files[path];
      if (!file) throw new Error('Operation not supported (os error 95)');
      return Object.keys(file);
    },
    get: (path, name) => files[path]?.[name] ?? null,
    set,
  };
}

const unexpected = (message: string): never => {
  throw new Error(message);
};

test('all attributes are read but those of Apple, and those that have vanished or may not be read', () => {
  const calls = fakeCalls({
    '/f': {
      'user.a': Buffer.from('1'),
      'user.gone': null,
      'com.apple.quarantine': Buffer.from('q'),
      'user.empty': Buffer.alloc(0),
    },
  });
  expect(new XattrReader(calls, unexpected).read('/f', 1n)).toEqual([
    { name: 'user.a', value: Buffer.from('1') },
    { name: 'user.empty', value: Buffer.alloc(0) },
  ]);
});

test('a file system without attributes is asked once, others go on', () => {
  const calls = fakeCalls({ '/there/f': { 'user.a': Buffer.from('1') } });
  const reader = new XattrReader(calls, unexpected);
  for (const path of ['/none/a', '/none/b', '/none/c']) expect(reader.read(path, 1n)).toEqual([]);
  expect(reader.read('/there/f', 2n)).toHaveLength(1);
  expect(calls.listed).toEqual(['/none/a', '/there/f']);
});

test('any other failure is that of one file', () => {
  const calls = { ...fakeCalls({}), list: vi.fn(() => unexpected('Permission denied (os error 13)')) };
  const reader = new XattrReader(calls, unexpected);
  for (const path of ['/a', '/b']) expect(reader.read(path, 1n)).toEqual([]);
  expect(calls.list).toHaveBeenCalledTimes(2);
});

test('a path that is not UTF-8 is neither read nor written: the calls would reach another file', () => {
  const calls = fakeCalls({});
  expect(new XattrReader(calls, unexpected).read('/a\udcff', 1n)).toEqual([]);
  setXattrs(calls, '/a\udcff', [{ name: 'user.a', value: Buffer.from('1') }]);
  expect([...calls.listed, ...calls.done]).toEqual([]);
});

test('beyond 1 MiB of one entry, attributes are left out with a warning', () => {
  const half = Buffer.alloc(512 * 1024 - 10);
  const warnings: string[] = [];
  const calls = fakeCalls({ '/f': { 'user.a': half, 'user.b': half, 'user.c': half } });
  const read = new XattrReader(calls, (message) => warnings.push(message)).read('/f', 1n);
  expect(read.map(({ name }) => name)).toEqual(['user.a', 'user.b']);
  expect(warnings).toEqual(['/f has more than 1 MiB of extended attributes; the rest of them was not sent']);
});

test.each([
  ['user.a', true],
  ['system.posix_acl_access', true],
  ['security.capability', true],
  ['security.selinux', false],
  ['security.ima', false],
  ['trusted.overlay.redirect', false],
  ['com.apple.quarantine', false],
])('of an engine, %s is taken: %s', (name, taken) => {
  expect(isReceived(name)).toBe(taken);
});

test('what may not be set is left out', () => {
  const calls = fakeCalls({});
  const xattrs = ['security.capability', 'user.a'].map((name) => ({ name, value: Buffer.from('1') }));
  setXattrs(calls, '/f', xattrs);
  expect(calls.done).toEqual(['/f user.a=1']);
  setXattrs(undefined, '/f', xattrs);
});

test('without the package there are no calls, and no error', async () => {
  vi.doMock('node:module', () => ({
    createRequire: () => () => {
      throw new Error("Cannot find module '@napi-rs/xattr'");
    },
  }));
  const { xattrCalls } = await import('./xattr-calls.js');
  expect(xattrCalls()).toBeUndefined();
});

test('on a system whose attributes Go does not send either there are no calls', async () => {
  const { xattrCalls } = await import('./xattr-calls.js');
  const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('freebsd');
  expect(xattrCalls()).toBeUndefined();
  platform.mockRestore();
});

test.runIf(process.platform === 'linux')('with the package there are calls', async () => {
  const { xattrCalls } = await import('./xattr-calls.js');
  const calls = xattrCalls();
  expect(calls?.list('/')).toBeInstanceOf(Array);
  expect(() => calls?.list('/nothing/there')).toThrow('os error 2');
});
