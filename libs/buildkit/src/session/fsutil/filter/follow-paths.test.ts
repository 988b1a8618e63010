import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveFollowPaths } from './follow-paths.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'follow-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function make(files: readonly string[], links: Readonly<Record<string, string>> = {}): void {
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    symlinkSync(target, join(root, path));
  }
}

test('plain paths stay', async () => {
  make(['a/b']);
  expect(await resolveFollowPaths(root, ['a/b', 'missing/x', '/abs/'], [])).toEqual(['a/b', 'abs', 'missing/x']);
});

test('links on the way are taken along with what they lead to', async () => {
  make(['real/file'], { link: 'real', 'sub/up': '../link/file', abs: '/real' });
  expect(await resolveFollowPaths(root, ['link/file'], [])).toEqual(['link', 'real/file']);
  expect(await resolveFollowPaths(root, ['sub/up'], [])).toEqual(['link', 'real/file', 'sub/up']);
  expect(await resolveFollowPaths(root, ['abs/file'], [])).toEqual(['abs', 'real/file']);
});

test('links out of the root stay within it', async () => {
  make([], { evil: '../../../etc/passwd', 'd/worse': '/../../x' });
  expect(await resolveFollowPaths(root, ['evil', 'd/worse', '../../outside'], [])).toEqual([
    'd/worse',
    'etc/passwd',
    'evil',
    'outside',
    'x',
  ]);
});

test('loops end', async () => {
  make([], { a: 'b', b: 'a', c: 'c/d' });
  expect(await resolveFollowPaths(root, ['a', 'c/x'], [])).toEqual(['a', 'b', 'c']);
});

test('of wildcards, links are followed', async () => {
  make(['lib/x.so', 'lib/real.1'], { 'lib/y.so': 'real.1' });
  expect(await resolveFollowPaths(root, ['lib/*.so'], [])).toEqual(['lib/*.so', 'lib/real.1']);
  expect(await resolveFollowPaths(root, ['*/x.so'], [])).toEqual(['*/x.so']);
});

test('the root lifts the restriction; what is below another goes', async () => {
  make(['a/b']);
  expect(await resolveFollowPaths(root, ['.', 'a/b'], [])).toEqual([]);
  expect(await resolveFollowPaths(root, ['a', 'a/b'], ['x'])).toEqual(['x', 'a']);
});
