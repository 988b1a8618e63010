import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './folder.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hlb-folder-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true });
});

test('makes what is missing', async () => {
  await makeFolder(join(dir, 'a/b/c'), 0o700);
  expect((await stat(join(dir, 'a/b/c'))).mode & 0o777).toBe(0o700);
  await makeFolder(join(dir, 'a/b/c'));
});

test('says why it can not', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(makeFolder(join(dir, 'file/a/b'))).rejects.toMatchObject({
    code: 'bad-folder',
    message: expect.stringContaining('ENOTDIR'),
  });
});
