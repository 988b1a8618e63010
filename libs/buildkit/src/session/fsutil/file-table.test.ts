import { expect, test } from 'vitest';
import { FileTable } from './file-table.js';

test('files by their place among all entries, each once', () => {
  const table = new FileTable();
  expect(table.skip()).toBe(0);
  for (let i = 1; i < 5000; i++) {
    expect(
      table.add(i % 2 ? '' : `d${i}`, `f${i}`, { mode: i, size: BigInt(i) * 2n ** 40n, modTime: -BigInt(i) }, i * 7),
    ).toBe(i);
  }
  expect(table.files).toBe(4999);
  expect(table.take(0)).toBeUndefined();
  expect(table.take(3)).toEqual({ id: 3, path: 'f3', mode: 3, size: 3 * 2 ** 40, modTime: -3n, inode: 21 });
  expect(table.take(4998)).toMatchObject({ path: 'd4998/f4998', mode: 4998 });
  expect(table.take(3)).toBeUndefined();
  expect(table.take(5000)).toBeUndefined();
  expect(table.take(-1)).toBeUndefined();
  expect(table.files).toBe(4997);
});
