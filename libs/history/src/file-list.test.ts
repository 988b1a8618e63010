import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareFileLists, FileList, type ListedEntry } from './file-list.js';

const file = (path: string, change: Partial<ListedEntry> = {}): ListedEntry => ({
  ...{ path, mode: 0o644, size: 3n, modTime: 1_700_000_000_123_456_789n, linkname: '' },
  ...change,
});
const directory = (path: string, modTime: bigint): ListedEntry =>
  file(path, { mode: 0x80000000 + 0o755, size: 0n, modTime });

function listOf(entries: Iterable<ListedEntry>): string {
  const list = new FileList();
  for (const entry of entries) list.add(entry);
  return list.toString();
}

test('what was added, changed and removed; times of directories tell nothing', () => {
  const before = listOf([file('a'), directory('d', 1n), file('d/b'), file('d/c'), file('d/l', { linkname: 'a' })]);
  const after = listOf([
    file('a', { modTime: 1_700_000_000_123_456_790n }),
    directory('d', 2n),
    file('d/c'),
    file('d/l', { linkname: 'b' }),
    file('d/new'),
  ]);
  expect(compareFileLists(before, after)).toEqual({
    added: ['d/new'],
    changed: ['a', 'd/l'],
    removed: ['d/b'],
    unlisted: [],
  });
});

test('names of any kind come back as they were', () => {
  const path = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), (paths) => {
      const changes = compareFileLists(listOf([]), listOf(paths.map((one) => file(one))));
      expect(changes.added).toEqual(paths);
    }),
    { numRuns: 30 },
  );
});

test('of a large tree the end is known by its folders, and nothing is said to be new that was only not listed', () => {
  const names = Array.from({ length: 30_000 }, (_, place) => `d/${String(place).padStart(5, '0')}`);
  const large = (change: (path: string) => Partial<ListedEntry>): string =>
    listOf([...names.map((path) => file(path, change(path))), file('z/last', change('z/last'))]);
  const same = large(() => ({}));
  expect(same.split('\n').length).toBeLessThan(20_010);
  expect(
    compareFileLists(
      same,
      large(() => ({})),
    ),
  ).toEqual({ added: [], changed: [], removed: [], unlisted: [] });
  const early = large((path) => (path === 'd/00007' ? { size: 4n } : {}));
  expect(compareFileLists(same, early)).toEqual({ added: [], changed: ['d/00007'], removed: [], unlisted: [] });
  const late = large((path) => (path === 'z/last' ? { size: 4n } : {}));
  expect(compareFileLists(same, late)).toEqual({ added: [], changed: [], removed: [], unlisted: ['z'] });
  // One more at the beginning moves the last listed one into what is not listed.
  const shifted = listOf([file('a'), ...names.map((path) => file(path)), file('z/last')]);
  expect(compareFileLists(same, shifted)).toEqual({ added: ['a'], changed: [], removed: [], unlisted: ['d'] });
  expect(compareFileLists(shifted, same)).toEqual({ added: [], changed: [], removed: ['a'], unlisted: ['d'] });
});
