import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PatternLists, TreeFilter } from '../filter/tree-filter.js';
import { Pace } from '../pace.js';
import { OrderValidator } from '../tree-path.js';
import { type TreeEntry, walkTree } from './walk.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'walk-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

async function walk(lists: PatternLists[] = [{}], during?: (entry: TreeEntry) => void): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const order = new OrderValidator();
  const sink = {
    entry: (entry: TreeEntry): void => {
      order.check(entry.stat);
      entries.push(entry);
      during?.(entry);
    },
    pressure: () => undefined,
    resting: () => undefined,
  };
  await walkTree(root, await TreeFilter.compile(lists, new Pace()), sink, new Pace());
  return entries;
}

const paths = (entries: readonly TreeEntry[]): string[] => entries.map((entry) => entry.stat.path);

test('a file, a directory, a link', async () => {
  writeFileSync(join(root, 'f'), 'abc');
  chmodSync(join(root, 'f'), 0o4751);
  utimesSync(join(root, 'f'), 1_600_000_000, 1_600_000_000);
  mkdirSync(join(root, 'd'), 0o755);
  chmodSync(join(root, 'd'), 0o1777);
  symlinkSync('../nowhere', join(root, 'd/l'));
  lutimesSync(join(root, 'd/l'), 5, 5);
  const entries = await walk();
  expect(entries.map((entry) => entry.stat)).toEqual([
    expect.objectContaining({ path: 'd', mode: 2 ** 31 + 2 ** 20 + 0o777, size: 0n }),
    expect.objectContaining({
      path: 'd/l',
      mode: 2 ** 27 + 0o777,
      size: 10n,
      linkname: '../nowhere',
      modTime: 5_000_000_000n,
    }),
    expect.objectContaining({ path: 'f', mode: 2 ** 23 + 0o751, size: 3n, modTime: 1_600_000_000_000_000_000n }),
  ]);
});

test('order is by bytes, directory contents before longer names', async () => {
  for (const name of ['a', 'ab', 'a-b', 'Z', 'ä', '\uffff', '\u{1f600}', ' ', '.x', '\n']) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'x'), '');
  }
  const names = paths(await walk());
  expect(names.filter((path) => !path.endsWith('/x'))).toEqual([
    '\n',
    ' ',
    '.x',
    'Z',
    'a',
    'a-b',
    'ab',
    'ä',
    '\uffff',
    '\u{1f600}',
  ]);
});

test('hard links refer to the first one that is sent', async () => {
  writeFileSync(join(root, 'a'), 'abc');
  linkSync(join(root, 'a'), join(root, 'b'));
  linkSync(join(root, 'a'), join(root, 'c'));
  expect((await walk()).map(({ stat }) => [stat.path, stat.linkname, stat.size])).toEqual([
    ['a', '', 3n],
    ['b', 'a', 0n],
    ['c', 'a', 0n],
  ]);
  expect((await walk([{ exclude: ['a'] }])).map(({ stat }) => [stat.path, stat.linkname, stat.size])).toEqual([
    ['b', '', 3n],
    ['c', 'b', 0n],
  ]);
});

test('pipes, devices, and a socket as an empty file', async () => {
  execFileSync('mkfifo', ['-m', '640', join(root, 'pipe')]);
  execFileSync('mknod', ['-m', '660', join(root, 'block'), 'b', '259', '300']);
  execFileSync('mknod', ['-m', '666', join(root, 'char'), 'c', '1', '3']);
  const server = net.createServer().listen(join(root, 'sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  chmodSync(join(root, 'sock'), 0o700);
  const entries = await walk();
  server.close();
  expect(entries.map(({ stat }) => [stat.path, stat.mode, stat.size, stat.devMajor, stat.devMinor])).toEqual([
    ['block', 2 ** 26 + 0o660, 0n, 259, 300],
    ['char', 2 ** 26 + 2 ** 21 + 0o666, 0n, 1, 3],
    ['pipe', 2 ** 25 + 0o640, 0n, 0, 0],
    ['sock', 0o700, 0n, 0, 0],
  ]);
});

test('the name that the engine keeps for itself is left out, in the root only', async () => {
  writeFileSync(join(root, '.fsutil-metadata'), '');
  mkdirSync(join(root, 'd'));
  writeFileSync(join(root, 'd/.fsutil-metadata'), '');
  expect(paths(await walk())).toEqual(['d', 'd/.fsutil-metadata']);
});

test('loops of links are links', async () => {
  symlinkSync('.', join(root, 'self'));
  symlinkSync('loop', join(root, 'loop'));
  expect(paths(await walk())).toEqual(['loop', 'self']);
});

test('names of 255 bytes and deep paths', async () => {
  const long = 'ä'.repeat(127);
  let path = root;
  // As deep as one path that system calls take can be.
  while (path.length + 8 < 4000) {
    path = join(path, 'deep');
    mkdirSync(path);
  }
  writeFileSync(join(root, long), '');
  const entries = paths(await walk());
  expect(entries.at(-1)).toBe(long);
  expect(entries.at(-2)?.split('/').length).toBeGreaterThan(700);
});

test('names and link targets that are not UTF-8', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff, 0x0a])]), 'x');
  writeFileSync(join(root, 'bad\u{1f600}'), '');
  writeFileSync(join(root, 'good\ufffd'), '');
  symlinkSync(Buffer.from([0x61, 0xff]), join(root, 'l'));
  const entries = await walk();
  // By their bytes, f0… comes before ff.
  expect(paths(entries)).toEqual(['bad\u{1f600}', 'bad\udcff\n', 'good\ufffd', 'l']);
  expect(entries[3]?.stat.linkname).toBe('a\udcff');
  expect(paths(await walk([{ exclude: ['bad??', 'l'] }]))).toEqual(['bad\u{1f600}', 'good\ufffd']);
});

test('what vanishes while walking is left out', async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'x'), '');
  }
  const entries = await walk([{}], (entry) => {
    if (entry.stat.path === 'b') rmSync(join(root, 'b'), { recursive: true });
    if (entry.stat.path === 'b') rmSync(join(root, 'c'), { recursive: true });
  });
  expect(paths(entries)).toEqual(['a', 'a/x', 'b', 'd', 'd/x']);
});

test('a directory larger than one run of sorting', async () => {
  const count = 20_000;
  for (let i = 0; i < count; i++) writeFileSync(join(root, `f${(i * 7919) % count}`), '');
  const names = paths(await walk());
  expect(names.length).toBe(count);
  expect(names).toEqual([...names].sort());
});

test('a directory without read right is an error that names it, unless it is left out', async () => {
  mkdirSync(join(root, 'closed'), 0o000);
  writeFileSync(join(root, 'open'), '');
  chmodSync(root, 0o755);
  process.seteuid?.(65534);
  try {
    await expect(walk()).rejects.toMatchObject({ code: 'not-permitted', path: join(root, 'closed') });
    expect(paths(await walk([{ exclude: ['closed'] }]))).toEqual(['open']);
    expect(paths(await walk([{ include: ['open', 'closed/x'] }]))).toEqual(['open']);
  } finally {
    process.seteuid?.(0);
  }
});

test('a root that is not there', async () => {
  root = join(root, 'missing');
  mkdirSync(root);
  rmSync(root, { recursive: true });
  await expect(walk()).rejects.toMatchObject({ code: 'not-found', path: root });
  mkdirSync(root);
});
