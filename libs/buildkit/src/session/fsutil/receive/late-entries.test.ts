import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Pace } from '../pace.js';
import { checkNames } from './late-entries.js';

test('a name that the file system has cut is an error that names it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  mkdirSync(join(folder, 'd'));
  for (const name of ['whole.', 'd/whole..', 'd/cut']) writeFileSync(join(folder, name), '');
  const check = (...paths: readonly string[]): Promise<void> =>
    checkNames(folder, paths, new Pace(), (path) => `/out/${path}`);
  await check('whole.', 'd/whole..');
  await expect(check('whole.', 'd/cut.')).rejects.toMatchObject({
    path: '/out/d/cut.',
    message: 'cannot create /out/d/cut.: the file system takes no such name',
  });
  rmSync(folder, { recursive: true });
});
