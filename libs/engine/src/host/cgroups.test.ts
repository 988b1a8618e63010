import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nestCgroups } from './cgroups.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hlb-cgroups-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true });
});

describe('control groups', () => {
  test('of a container make room for others', async () => {
    await writeFile(join(dir, 'cgroup.type'), 'domain\n');
    await writeFile(join(dir, 'cgroup.controllers'), 'cpu memory\n');
    await writeFile(join(dir, 'cgroup.subtree_control'), '\n');
    await writeFile(join(dir, 'cgroup.procs'), '1\n17\n');
    await nestCgroups(dir);
    // The kernel takes one process a write, and one controller; a file keeps the last.
    expect(await readFile(join(dir, 'init/cgroup.procs'), 'utf8')).toBe('17');
    expect(await readFile(join(dir, 'cgroup.subtree_control'), 'utf8')).toBe('+memory');
  });

  test.each([
    ['the true root', { 'cgroup.controllers': 'cpu\n', 'cgroup.subtree_control': '\n' }],
    [
      'one that is nested already',
      { 'cgroup.type': 'domain\n', 'cgroup.controllers': 'cpu\n', 'cgroup.subtree_control': 'cpu\n' },
    ],
    ['version 1', {}],
  ])('stay as they are: %s', async (_, files) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    await nestCgroups(dir);
    expect((await readdir(dir)).sort()).toEqual(Object.keys(files).sort());
  });
});
