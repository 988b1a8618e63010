import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Pace } from './pace.js';
import { systemPath } from './path-text.js';
import { readDirectory } from './read-directory.js';

test('names that are not UTF-8 stand beside others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-directory-'));
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff, 0x62])]), '');
  writeFileSync(join(folder, '\ufffd ä'), '');
  symlinkSync('a', join(folder, 'link'));
  const entries = await readDirectory(folder, new Pace());
  expect([...entries].map(({ name, kind }) => [name, kind]).sort()).toEqual([
    ['a\udcffb', 'file'],
    ['link', 'symlink'],
    ['\ufffd ä', 'file'],
  ]);
  rmSync(systemPath(join(folder, 'a\udcffb')));
  expect(readdirSync(folder).sort()).toEqual(['link', '\ufffd ä']);
  rmSync(folder, { recursive: true });
});

test('what is no directory is an error of the system', async () => {
  await expect(readDirectory('/nowhere', new Pace())).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readDirectory('/dev/null', new Pace())).rejects.toMatchObject({ code: 'ENOTDIR' });
});
