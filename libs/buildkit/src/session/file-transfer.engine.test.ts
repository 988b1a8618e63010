import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Definition, localSource, marshal } from '@hlb/llb';
import { setAttributeSync } from '@napi-rs/xattr';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testEngine } from '../../../../tests/support/test-engine.js';
import { hasUserXattrs, xattrsOf } from '../../../../tests/support/xattrs.js';
import { connect } from '../connect/connect.js';
import type { Connection } from '../connect/connection.js';
import { solve } from '../control/solve.js';
import type { Exporter } from '../control/solve-request.js';
import { skipUnless } from '../fixtures/skip-unless.js';
import { withSmallDisk } from './fixtures/small-disk.js';
import { openSession, type Session } from './session.js';
import type { TransferEvent } from './transfers.js';

let connection: Connection;
let session: Session;
let folder: string;
let src: string;
let out: string;
let events: TransferEvent[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'transfer-'));
  src = join(folder, 'src');
  out = join(folder, 'out');
  mkdirSync(src);
  connection = await connect(testEngine().address);
  session = await openSession(connection, { sharedKey: folder });
  events = [];
  session.onTransfer((event) => events.push(event));
});

afterEach(async () => {
  await session.close();
  await connection.close();
  rmSync(folder, { recursive: true });
});

function local(options: Partial<Parameters<typeof localSource>[0]> = {}): Definition {
  return marshal(localSource({ name: 'src', sessionId: session.id, ...options }), {
    platform: { os: 'linux', architecture: 'amd64' },
  });
}

async function build(definition: Definition, ...exporters: Exporter[]): Promise<ReadonlyMap<string, string>> {
  return await solve(connection, { definition, session: session.id, exporters }, { progress: false }).done;
}

/** Sends the folder and takes it back. */
async function roundTrip(options: Partial<Parameters<typeof localSource>[0]> = {}): Promise<void> {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await build(local(options), { type: 'local' });
  await target.commit();
}

function tree(root: string): unknown[] {
  const described: unknown[] = [];
  const inodes = new Map<bigint, string>();
  const walk = (path: Buffer): void => {
    for (const name of readdirSync(path, 'buffer').sort((a, b) => Buffer.compare(a, b))) {
      const inner = Buffer.concat([path, Buffer.from('/'), name]);
      const shown = inner.subarray(root.length + 1).toString('latin1');
      const stats = lstatSync(inner, { bigint: true });
      const first = inodes.get(stats.ino) ?? shown;
      inodes.set(stats.ino, first);
      described.push([
        shown,
        stats.mode.toString(8),
        stats.mtimeNs / 1000n,
        first,
        stats.isSymbolicLink() ? readlinkSync(inner, 'latin1') : '',
        stats.isFile() ? readFileSync(inner).toString('base64') : '',
      ]);
      if (stats.isDirectory()) walk(inner);
    }
  };
  walk(Buffer.from(root));
  return described;
}

/** Old engines give directories the time at which they came. */
const withoutDirectoryTime = (row: unknown): unknown =>
  Array.isArray(row) && /^4\d{4}$/.test(String(row[1])) ? row.slice(0, 2) : row;

test('a tree of everything goes to the engine and comes back the same', async () => {
  mkdirSync(join(src, 'dir/empty'), { recursive: true });
  writeFileSync(join(src, 'dir/file'), 'content');
  chmodSync(join(src, 'dir/file'), 0o4711);
  utimesSync(join(src, 'dir/file'), 1_111_111_111.25, 1_111_111_111.25);
  linkSync(join(src, 'dir/file'), join(src, 'hard'));
  symlinkSync('dir/../nowhere', join(src, 'link'));
  symlinkSync('/absolute', join(src, 'link2'));
  execFileSync('mkfifo', [join(src, 'pipe')]);
  writeFileSync(join(src, 'sparse'), '');
  truncateSync(join(src, 'sparse'), 3_000_000);
  for (const name of ['new\nline', ' blank', '-dash', 'ä', '\u{1f600}', '\uffff', 'back\\slash', 'n'.repeat(255)]) {
    writeFileSync(join(src, name), name);
  }
  chmodSync(join(src, 'dir/empty'), 0o1777);
  session.addDirectory({ name: 'src', path: src });
  await roundTrip();
  expect(tree(out).map(withoutDirectoryTime)).toEqual(tree(src).map(withoutDirectoryTime));
  // Sockets travel as empty files.
  const server = net.createServer().listen(join(src, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  // Within a session, the engine takes an op that it knows for done: another name makes another op.
  session.addDirectory({ name: 'again', path: src });
  await roundTrip({ name: 'again' });
  server.close();
  expect(lstatSync(join(out, 'socket')).isFile()).toBe(true);
});

test.runIf(hasUserXattrs())('extended attributes go to the engine and come back', async () => {
  mkdirSync(join(src, 'dir'));
  for (const name of ['file', 'dir/read-only', 'bare']) writeFileSync(join(src, name), name);
  setAttributeSync(join(src, 'file'), 'user.text', 'héllo');
  setAttributeSync(join(src, 'file'), 'user.bytes', Buffer.from([0, 0xff, 10]));
  setAttributeSync(join(src, 'file'), 'user.empty', Buffer.alloc(0));
  setAttributeSync(join(src, 'dir'), 'user.dir', 'of a directory');
  setAttributeSync(join(src, 'dir/read-only'), 'user.large', Buffer.alloc(2000, 'x'));
  chmodSync(join(src, 'dir/read-only'), 0o444);
  const all = (root: string) => ['file', 'dir', 'dir/read-only', 'bare'].map((name) => xattrsOf(join(root, name)));
  session.addDirectory({ name: 'src', path: src });
  const sent = all(src);
  expect(sent).toMatchObject([
    { 'user.bytes': '\x00\xff\n', 'user.empty': '' },
    { 'user.dir': 'of a directory' },
    {},
    {},
  ]);
  await roundTrip();
  expect(all(out)).toEqual(sent);
  // Into what is there, too.
  setAttributeSync(join(out, 'dir'), 'user.dir', 'old');
  await roundTrip();
  expect(all(out)).toEqual(sent);
});

test.runIf(hasUserXattrs())('extended attributes are in a tar', async () => {
  writeFileSync(join(src, 'file'), '');
  setAttributeSync(join(src, 'file'), 'user.x', 'in the tar');
  session.addDirectory({ name: 'src', path: src });
  const tar = join(folder, 'out.tar');
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: tar });
  await build(local(), { type: 'tar' });
  await target.commit();
  expect(readFileSync(tar, 'latin1')).toContain('SCHILY.xattr.user.x=in the tar\n');
});

test('directories keep their times', async (context) => {
  await skipUnless(context, 'llb:source.local.differ', 'times of directories that were sent');
  mkdirSync(join(src, 'dir/inner'), { recursive: true });
  writeFileSync(join(src, 'dir/file'), 'content');
  for (const name of ['dir/inner', 'dir']) utimesSync(join(src, name), 1_222_222_222, 1_222_222_222);
  session.addDirectory({ name: 'src', path: src });
  await roundTrip();
  expect(tree(out)).toEqual(tree(src));
});

test('names that are not UTF-8 come back the same, or are told by an engine that refuses them', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${src}/not utf-8 `), Buffer.from([0xff, 0xc3])]), 'x');
  symlinkSync(Buffer.from([0xfe]), join(src, 'link3'));
  session.addDirectory({ name: 'src', path: src });
  const refused = await roundTrip().then(
    () => false,
    (error: unknown) => {
      expect(String(error)).toContain('invalid UTF-8');
      return true;
    },
  );
  if (!refused) {
    expect(tree(out)).toEqual(tree(src));
    return;
  }
  await expect.poll(() => events.at(-1)?.state).toBe('failed');
  expect(events.at(-1)?.warnings).toEqual([
    `${JSON.stringify(`${src}/link3`)} has a name or target that is not valid UTF-8, which newer engines refuse: leave it out by an exclude pattern`.replaceAll(
      '"',
      '',
    ),
  ]);
});

test('only what has changed is sent again', async () => {
  for (let i = 0; i < 50; i++) writeFileSync(join(src, `f${i}`), `content ${i}`);
  session.addDirectory({ name: 'src', path: src });
  const sent = (): number[] =>
    events.filter(({ state, direction }) => state === 'done' && direction === 'send').map(({ files }) => files);
  await build(local());
  writeFileSync(join(src, 'f7'), 'changed');
  rmSync(join(src, 'f8'));
  // Another session of the same client, as the next run would be.
  await session.close();
  session = await openSession(connection, { sharedKey: folder });
  session.onTransfer((event) => events.push(event));
  session.addDirectory({ name: 'src', path: src });
  await roundTrip();
  expect(sent()).toEqual([50, 1]);
  expect(tree(out)).toEqual(tree(src));
});

test.each<[string, number, (file: string) => void]>([
  ['small one that vanishes', 1000, (file) => rmSync(file)],
  ['large one that shrinks', 3_000_000, (file) => truncateSync(file, 1_500_000)],
  ['small one that is written anew', 1000, (file) => writeFileSync(file, Buffer.alloc(1000, 'y'))],
  ['large one that is written anew', 3_000_000, (file) => writeFileSync(file, Buffer.alloc(3_000_000, 'y'))],
])(
  'of files, a %s after it was announced fails the build by name, and the engine keeps nothing of it',
  async (_what, size, change) => {
    const file = join(src, 'f');
    writeFileSync(file, Buffer.alloc(size, 'x'));
    utimesSync(file, 1_000_000, 1_000_000);
    session.addDirectory({ name: 'src', path: src });
    let left = 1;
    const stop = session.onDirectory(() => () => {
      if (left-- > 0) change(file);
    });
    await expect(build(local(), { type: 'local' })).rejects.toThrow(file);
    stop();
    // As it was announced then, with other content: what the engine might have kept would count as the same.
    writeFileSync(file, Buffer.alloc(size, 'z'));
    utimesSync(file, 1_000_000, 1_000_000);
    await roundTrip();
    expect(readFileSync(join(out, 'f')).equals(Buffer.alloc(size, 'z'))).toBe(true);
  },
);

test('patterns of the op, commas and all, and of what was registered', async () => {
  for (const file of ['a,b/x.ts', 'a,b/y.md', 'keep/z', 'skip/z', 'ü/x.ts']) {
    mkdirSync(join(src, file, '..'), { recursive: true });
    writeFileSync(join(src, file), '');
  }
  session.addDirectory({ name: 'src', path: src, exclude: ['skip'] });
  await roundTrip({ includePatterns: ['a,b/*.ts', 'ü', 'keep', 'skip'], excludePatterns: ['**/none, or not'] });
  expect(tree(out).map((entry) => (Array.isArray(entry) ? entry[0] : undefined))).toEqual([
    'a,b',
    'a,b/x.ts',
    'keep',
    'keep/z',
    Buffer.from('ü').toString('latin1'),
    Buffer.from('ü/x.ts').toString('latin1'),
  ]);
});

test('follow paths', async () => {
  mkdirSync(join(src, 'real'));
  writeFileSync(join(src, 'real/file'), 'x');
  writeFileSync(join(src, 'other'), '');
  symlinkSync('real', join(src, 'link'));
  session.addDirectory({ name: 'src', path: src });
  await roundTrip({ followPaths: ['link/file'] });
  expect(readdirSync(out).sort()).toEqual(['link', 'real']);
});

test('a directory that was not registered, and one that cannot be read, fail by name', async () => {
  await expect(build(local())).rejects.toThrow('no access allowed to dir "src"');
  session.addDirectory({ name: 'src', path: join(folder, 'missing') });
  await expect(build(local())).rejects.toThrow(`cannot read ${join(folder, 'missing')}: does not exist`);
});

test('an output to a place that is a file, or where nothing may be written', async () => {
  writeFileSync(out, 'a file');
  session.addDirectory({ name: 'src', path: src });
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await expect(build(local(), { type: 'local' })).rejects.toThrow('it is not a directory');
  await expect(target.done).rejects.toMatchObject({ code: 'not-directory' });
  await target.discard();
  expect(readFileSync(out, 'utf8')).toBe('a file');
});

test('a full disk at the destination', async () => {
  writeFileSync(join(src, 'big'), Buffer.alloc(5_000_000));
  session.addDirectory({ name: 'src', path: src });
  await withSmallDisk(out, 'size=1m', async () => {
    const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
    await expect(build(local(), { type: 'local' })).rejects.toThrow('no space left');
    await expect(target.commit()).rejects.toMatchObject({ code: 'no-space' });
    expect(readdirSync(out)).toEqual([]);
  });
});

test('tar to a file and to a stream', async () => {
  writeFileSync(join(src, 'f'), 'in a tar');
  session.addDirectory({ name: 'src', path: src });
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  await build(local(), { type: 'tar' });
  expect(existsSync(out)).toBe(false);
  await target.commit();
  expect(execFileSync('tar', ['-xOf', out, 'f']).toString()).toBe('in a tar');
  const sink = new PassThrough();
  const chunks: Buffer[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk));
  const streamed = session.addTarget({ exporterId: 0, kind: 'stream', sink });
  await build(local(), { type: 'tar' });
  await streamed.commit();
  expect(Buffer.concat(chunks).equals(readFileSync(out))).toBe(true);
});

test('a build that is cancelled amid the transfer leaves nothing', async () => {
  for (let i = 0; i < 20; i++) writeFileSync(join(src, `f${i}`), Buffer.alloc(5_000_000, String(i)));
  session.addDirectory({ name: 'src', path: src });
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const controller = new AbortController();
  session.onTransfer(({ state, bytes }) => {
    if (state === 'running' && bytes > 0) controller.abort();
  });
  const { done } = solve(
    connection,
    { definition: local(), session: session.id, exporters: [{ type: 'local' }] },
    { progress: false, signal: controller.signal },
  );
  const ended = await done.then(
    () => 'done',
    () => 'cancelled',
  );
  await target.discard();
  expect(readdirSync(folder)).toEqual(['src']);
  expect(['done', 'cancelled']).toContain(ended);
});

test('closing the session ends the build', async () => {
  for (let i = 0; i < 20; i++) writeFileSync(join(src, `f${i}`), Buffer.alloc(5_000_000, String(i)));
  session.addDirectory({ name: 'src', path: src });
  session.onTransfer(({ state, direction }) => {
    if (state === 'running' && direction === 'send') void session.close();
  });
  const outcome = await build(local({ sharedKeyHint: 'closing' })).then(
    () => 'done',
    () => 'failed',
  );
  await session.close();
  expect(await session.closed).toBeUndefined();
  expect(outcome).toBe('failed');
});
