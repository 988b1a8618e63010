import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setAttributeSync } from '@napi-rs/xattr';
import { expect, test } from 'vitest';
import { hasUserXattrs, xattrsOf } from '../../../../tests/support/xattrs.js';
import { skipUnless } from '../fixtures/skip-unless.js';
import { TransferOnEngine } from './fixtures/transfer-on-engine.js';
import { tree } from './fixtures/tree-of.js';

const on = new TransferOnEngine();

/** Old engines give directories the time at which they came. */
const withoutDirectoryTime = (row: unknown): unknown =>
  Array.isArray(row) && /^4\d{4}$/.test(String(row[1])) ? row.slice(0, 2) : row;

test('a tree of everything goes to the engine and comes back the same', async () => {
  mkdirSync(join(on.src, 'dir/empty'), { recursive: true });
  writeFileSync(join(on.src, 'dir/file'), 'content');
  chmodSync(join(on.src, 'dir/file'), 0o4711);
  utimesSync(join(on.src, 'dir/file'), 1_111_111_111.25, 1_111_111_111.25);
  linkSync(join(on.src, 'dir/file'), join(on.src, 'hard'));
  symlinkSync('dir/../nowhere', join(on.src, 'link'));
  symlinkSync('/absolute', join(on.src, 'link2'));
  execFileSync('mkfifo', [join(on.src, 'pipe')]);
  writeFileSync(join(on.src, 'sparse'), '');
  truncateSync(join(on.src, 'sparse'), 3_000_000);
  for (const name of ['new\nline', ' blank', '-dash', 'ä', '\u{1f600}', '\uffff', 'back\\slash', 'n'.repeat(255)]) {
    writeFileSync(join(on.src, name), name);
  }
  chmodSync(join(on.src, 'dir/empty'), 0o1777);
  on.session.addDirectory({ name: 'src', path: on.src });
  await on.roundTrip();
  expect(tree(on.out).map(withoutDirectoryTime)).toEqual(tree(on.src).map(withoutDirectoryTime));
  // Sockets travel as empty files.
  const server = net.createServer().listen(join(on.src, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  // Within a session, the engine takes an op that it knows for done: another name makes another op.
  on.session.addDirectory({ name: 'again', path: on.src });
  await on.roundTrip({ name: 'again' });
  server.close();
  expect(lstatSync(join(on.out, 'socket')).isFile()).toBe(true);
});

test.runIf(hasUserXattrs())('extended attributes go to the engine and come back', async () => {
  mkdirSync(join(on.src, 'dir'));
  for (const name of ['file', 'dir/read-only', 'bare']) writeFileSync(join(on.src, name), name);
  setAttributeSync(join(on.src, 'file'), 'user.text', 'héllo');
  setAttributeSync(join(on.src, 'file'), 'user.bytes', Buffer.from([0, 0xff, 10]));
  setAttributeSync(join(on.src, 'file'), 'user.empty', Buffer.alloc(0));
  setAttributeSync(join(on.src, 'dir'), 'user.dir', 'of a directory');
  setAttributeSync(join(on.src, 'dir/read-only'), 'user.large', Buffer.alloc(2000, 'x'));
  chmodSync(join(on.src, 'dir/read-only'), 0o444);
  const all = (root: string) => ['file', 'dir', 'dir/read-only', 'bare'].map((name) => xattrsOf(join(root, name)));
  on.session.addDirectory({ name: 'src', path: on.src });
  const sent = all(on.src);
  expect(sent).toMatchObject([
    { 'user.bytes': '\x00\xff\n', 'user.empty': '' },
    { 'user.dir': 'of a directory' },
    {},
    {},
  ]);
  await on.roundTrip();
  expect(all(on.out)).toEqual(sent);
  // Into what is there, too.
  setAttributeSync(join(on.out, 'dir'), 'user.dir', 'old');
  await on.roundTrip();
  expect(all(on.out)).toEqual(sent);
});

test('directories keep their times', async (context) => {
  await skipUnless(context, 'llb:source.local.differ', 'times of directories that were sent');
  mkdirSync(join(on.src, 'dir/inner'), { recursive: true });
  writeFileSync(join(on.src, 'dir/file'), 'content');
  for (const name of ['dir/inner', 'dir']) utimesSync(join(on.src, name), 1_222_222_222, 1_222_222_222);
  on.session.addDirectory({ name: 'src', path: on.src });
  await on.roundTrip();
  expect(tree(on.out)).toEqual(tree(on.src));
});

test('names that are not UTF-8 come back the same, or are told by an engine that refuses them', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${on.src}/not utf-8 `), Buffer.from([0xff, 0xc3])]), 'x');
  symlinkSync(Buffer.from([0xfe]), join(on.src, 'link3'));
  on.session.addDirectory({ name: 'src', path: on.src });
  const refused = await on.roundTrip().then(
    () => false,
    (error: unknown) => {
      expect(String(error)).toContain('invalid UTF-8');
      return true;
    },
  );
  if (!refused) {
    expect(tree(on.out)).toEqual(tree(on.src));
    return;
  }
  await expect.poll(() => on.events.at(-1)?.state).toBe('failed');
  expect(on.events.at(-1)?.warnings).toEqual([
    `${JSON.stringify(`${on.src}/link3`)} has a name or target that is not valid UTF-8, which newer engines refuse: leave it out by an exclude pattern`.replaceAll(
      '"',
      '',
    ),
  ]);
});

test('patterns of the op, commas and all, and of what was registered', async () => {
  for (const file of ['a,b/x.ts', 'a,b/y.md', 'keep/z', 'skip/z', 'ü/x.ts']) {
    mkdirSync(join(on.src, file, '..'), { recursive: true });
    writeFileSync(join(on.src, file), '');
  }
  on.session.addDirectory({ name: 'src', path: on.src, exclude: ['skip'] });
  await on.roundTrip({ includePatterns: ['a,b/*.ts', 'ü', 'keep', 'skip'], excludePatterns: ['**/none, or not'] });
  expect(tree(on.out).map((entry) => (Array.isArray(entry) ? entry[0] : undefined))).toEqual([
    'a,b',
    'a,b/x.ts',
    'keep',
    'keep/z',
    Buffer.from('ü').toString('latin1'),
    Buffer.from('ü/x.ts').toString('latin1'),
  ]);
});

test('follow paths', async () => {
  mkdirSync(join(on.src, 'real'));
  writeFileSync(join(on.src, 'real/file'), 'x');
  writeFileSync(join(on.src, 'other'), '');
  symlinkSync('real', join(on.src, 'link'));
  on.session.addDirectory({ name: 'src', path: on.src });
  await on.roundTrip({ followPaths: ['link/file'] });
  expect(readdirSync(on.out).sort()).toEqual(['link', 'real']);
});

test('a directory that was not registered, and one that cannot be read, fail by name', async () => {
  await expect(on.build(on.local())).rejects.toThrow('no access allowed to dir "src"');
  on.session.addDirectory({ name: 'src', path: join(on.folder, 'missing') });
  await expect(on.build(on.local())).rejects.toThrow(`cannot read ${join(on.folder, 'missing')}: does not exist`);
});
