import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeEngine } from '../fixtures/fake-engine.js';
import { DATA, ERR, FIN, packet, type SentEntry, STAT, sendEntries, stat } from '../fixtures/fake-transfer.js';
import { openSession, type Session } from '../session.js';
import type { TransferEvent } from '../transfers.js';

const METHOD = '/moby.filesync.v1.FileSend/DiffCopy';
const DIRECTORY = 2 ** 31 + 0o755;
const LINK = 2 ** 27 + 0o777;

let engine: FakeEngine;
let session: Session;
let folder: string;
let out: string;
let events: TransferEvent[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'file-send-'));
  out = join(folder, 'out');
  engine = new FakeEngine();
  session = await openSession(engine);
  events = [];
  session.onTransfer((event) => events.push(event));
});

afterEach(async () => {
  process.seteuid?.(0);
  await session.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(path: string, content: string | Buffer, fields: Parameters<typeof stat>[1] = {}): SentEntry {
  const bytes = Buffer.from(content);
  return { stat: stat(path, { size: BigInt(bytes.length), ...fields }), content: bytes };
}

const directory = (path: string, mode = DIRECTORY): SentEntry => ({ stat: stat(path, { mode }) });
const link = (path: string, linkname: string): SentEntry => ({ stat: stat(path, { mode: LINK, linkname }) });
const hardLink = (path: string, linkname: string): SentEntry => ({ stat: stat(path, { linkname }) });

test('modes, times, links of both kinds, and pipes', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const { status } = await sendEntries(engine, 0, [
    file('a', 'content', { mode: 0o755, modTime: 1_234_567_890_123_456_000n }),
    directory('closed', 2 ** 31 + 2 ** 20 + 0o555),
    file('closed/x', 'x', { mode: 2 ** 23 + 0o700 }),
    { stat: stat('fifo', { mode: 2 ** 25 + 0o640 }) },
    hardLink('hard', 'a'),
    link('soft', '../../anywhere'),
  ]);
  expect(status).toEqual({ code: 0, message: '' });
  expect(existsSync(out)).toBe(false);
  expect(await target.commit()).toEqual({ files: 2, bytes: 8 });
  expect(await target.done).toEqual({ files: 2, bytes: 8 });
  expect(lstatSync(join(out, 'a'), { bigint: true }).mtimeNs).toBe(1_234_567_890_123_456_000n);
  expect(lstatSync(join(out, 'a')).ino).toBe(lstatSync(join(out, 'hard')).ino);
  expect(lstatSync(join(out, 'closed')).mode & 0o7777).toBe(0o1555);
  expect(lstatSync(join(out, 'closed'), { bigint: true }).mtimeNs).toBe(1_700_000_000_000_000_000n);
  expect(lstatSync(join(out, 'closed/x')).mode & 0o7777).toBe(0o4700);
  expect(lstatSync(join(out, 'fifo')).isFIFO()).toBe(true);
  expect(lstatSync(join(out, 'fifo')).mode & 0o777).toBe(0o640);
  expect(readlinkSync(join(out, 'soft'))).toBe('../../anywhere');
  expect(lstatSync(join(out, 'soft'), { bigint: true }).mtimeNs).toBe(1_700_000_000_000_000_000n);
  expect(statSync(out).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder)).toEqual(['out']);
});

test('merges into what is there', async () => {
  mkdirSync(join(out, 'kept'), { recursive: true });
  writeFileSync(join(out, 'kept/old'), 'old');
  writeFileSync(join(out, 'kept/both'), 'old');
  writeFileSync(join(out, 'file'), 'becomes a directory');
  mkdirSync(join(out, 'dir/deep'), { recursive: true });
  writeFileSync(join(out, 'dir/deep/x'), 'goes');
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync('../elsewhere', join(out, 'link'));
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await sendEntries(engine, 0, [
    file('dir', 'now a file'),
    directory('file'),
    file('file/in', 'new'),
    directory('kept', 2 ** 31 + 0o750),
    file('kept/both', 'new'),
    directory('link'),
    file('link/in', 'new'),
  ]);
  await target.commit();
  expect(readFileSync(join(out, 'kept/old'), 'utf8')).toBe('old');
  expect(readFileSync(join(out, 'kept/both'), 'utf8')).toBe('new');
  expect(lstatSync(join(out, 'kept')).mode & 0o777).toBe(0o750);
  expect(lstatSync(join(out, 'kept'), { bigint: true }).mtimeNs).toBe(1_700_000_000_000_000_000n);
  expect(readFileSync(join(out, 'dir'), 'utf8')).toBe('now a file');
  expect(readFileSync(join(out, 'file/in'), 'utf8')).toBe('new');
  expect(lstatSync(join(out, 'link')).isDirectory()).toBe(true);
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'out']);
});

test('a mirror removes what is not part of the output', async () => {
  mkdirSync(join(out, 'd/gone'), { recursive: true });
  writeFileSync(join(out, 'd/old'), '');
  writeFileSync(join(out, 'old'), '');
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out, mirror: true });
  await sendEntries(engine, 0, [directory('d'), file('d/new', 'x'), file('e', 'y')]);
  await target.commit();
  expect(readdirSync(out).sort()).toEqual(['d', 'e']);
  expect(readdirSync(join(out, 'd'))).toEqual(['new']);
});

test('the destination may be a link to a directory', async () => {
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', out);
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await sendEntries(engine, 0, [file('a', 'x')]);
  await target.commit();
  expect(readdirSync(join(folder, 'real'))).toEqual(['a']);
  expect(lstatSync(out).isSymbolicLink()).toBe(true);
});

test('several streams into one directory, each at its own pace', async () => {
  const target = session.addTarget({ exporterId: 3, kind: 'directory', path: out });
  const both = await Promise.all([
    sendEntries(engine, 3, [directory('linux_amd64'), file('linux_amd64/a', 'x')]),
    sendEntries(engine, 3, [directory('linux_arm64'), file('linux_arm64/a', 'yy')]),
  ]);
  expect(both.map(({ status }) => status.code)).toEqual([0, 0]);
  expect(await target.commit()).toEqual({ files: 2, bytes: 3 });
  expect(readdirSync(out).sort()).toEqual(['linux_amd64', 'linux_arm64']);
});

test('an empty tree makes an empty directory', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'x/y/out') });
  await sendEntries(engine, 0, []);
  expect(await target.commit()).toEqual({ files: 0, bytes: 0 });
  expect(readdirSync(join(folder, 'x/y/out'))).toEqual([]);
});

test('the exporter tells of its result', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  const call = engine.call(METHOD, {
    'exporter-md-containerimage.digest': 'sha256:abc',
    'exporter-md-image.name': 'x',
  });
  call.end();
  await call.status;
  expect([...target.metadata]).toEqual([
    ['containerimage.digest', 'sha256:abc'],
    ['image.name', 'x'],
  ]);
});

test('an unknown exporter', async () => {
  const { status } = await sendEntries(engine, 7, []);
  expect(status).toEqual({ code: 5, message: 'exporter 7 not found' });
});

test('an id is awaited once at a time', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  expect(() => session.addTarget({ exporterId: 0, kind: 'directory', path: out })).toThrow('already awaits');
  await target.discard();
  await expect(target.done).rejects.toMatchObject({ code: 'discarded' });
  session.addTarget({ exporterId: 0, kind: 'directory', path: out });
});

/** What is sent to a directory beside a file that must stay as it is; nothing may be left over. */
async function refuses(entries: readonly SentEntry[], code: string, text: string): Promise<void> {
  writeFileSync(join(folder, 'victim'), 'untouched');
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const { status, error } = await sendEntries(engine, 0, entries);
  expect(status.code).not.toBe(0);
  expect(status.message).toContain(text);
  expect(error).toBe(status.message);
  await expect(target.done).rejects.toMatchObject({ code });
  await expect(target.commit()).rejects.toMatchObject({ code });
  expect(readdirSync(folder)).toEqual(['victim']);
  expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('untouched');
}

test.each<[string, readonly SentEntry[], string, string]>([
  ['a path upwards', [file('../victim', 'x')], 'unsafe-path', '../victim'],
  ['an absolute path', [file('/tmp/victim', 'x')], 'unsafe-path', '/tmp/victim'],
  ['a file through a link', [link('a', '..'), file('a/victim', 'x')], 'unsafe-path', 'a/victim'],
  ['a directory through a link', [link('a', '..'), directory('a/d')], 'unsafe-path', 'a/d'],
  ['a link and then a directory of its name', [link('a', '..'), directory('a')], 'protocol', 'out of order'],
  ['a hard link upwards', [file('a', 'x'), hardLink('b', '../victim')], 'unsafe-path', '../victim'],
  ['an absolute hard link', [file('a', 'x'), hardLink('b', '/etc/passwd')], 'unsafe-path', '/etc/passwd'],
  ['a hard link through a link', [link('a', '../..'), hardLink('b', 'a/victim')], 'unsafe-path', 'a/victim'],
  ['a hard link to a link', [link('a', '../../victim'), hardLink('b', 'a')], 'unsafe-path', 'hard link to a'],
  ['a hard link to nothing', [hardLink('b', 'a')], 'unsafe-path', 'hard link to a'],
  ['a hard link to a directory', [directory('a'), hardLink('b', 'a')], 'unsafe-path', 'hard link to a'],
  ['a block device', [{ stat: stat('sda', { mode: 2 ** 26 + 0o666, devmajor: 8n }) }], 'device', 'sda, a block device'],
  [
    'a character device',
    [{ stat: stat('mem', { mode: 2 ** 26 + 2 ** 21 + 0o666, devmajor: 1n, devminor: 1n }) }],
    'device',
    'mem',
  ],
  ['something unknown', [{ stat: stat('odd', { mode: 2 ** 19 + 0o666 }) }], 'device', 'odd'],
  ['a path with NUL', [file('a\0b', 'x')], 'unsafe-path', 'a\\u0000b'],
  ['entries out of order', [file('b', 'x'), file('a', 'x')], 'protocol', 'out of order'],
  [
    'less than announced',
    [{ stat: stat('a', { size: 5n }), content: Buffer.from('abc') }],
    'incomplete',
    'announced 5 bytes of a and sent 3',
  ],
  [
    'nothing of what was announced',
    [{ stat: stat('a', { size: 5n }) }],
    'incomplete',
    'announced 5 bytes of a and sent 0',
  ],
  [
    'more than announced',
    [{ stat: stat('a', { size: 1n }), content: Buffer.alloc(1_000_000) }],
    'incomplete',
    'announced 1 bytes',
  ],
  ['a path without end', [file('p'.repeat(10_000), 'x')], 'protocol', 'a path that is too long: ppp'],
  ['a name that is too long', [file('n'.repeat(300), 'x')], 'io', 'too long'],
])('refuses %s', async (_name, entries, code, text) => {
  await refuses(entries, code, text);
});

test('refuses names that the file system takes for one', async () => {
  // The folder's own file system tells all names apart, so the collision is made by hand: something is there already.
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await target.prepare();
  const staging = readdirSync(folder)[0] ?? '';
  const call = engine.call(METHOD, { 'buildkit-attachable-exporter-id': '0' });
  call.send(packet({ type: STAT, stat: stat('README', { size: 1n }) }));
  await call.next();
  writeFileSync(join(folder, staging, '1/readme'), '');
  call.send(packet({ type: STAT, stat: stat('readme', { mode: DIRECTORY }) }));
  expect((await call.status).message).toContain('readme has the same name as another entry');
  await expect(target.done).rejects.toMatchObject({ code: 'name-collision' });
});

/** Sends packets as they are, and tells how the call ends. */
async function misbehave(packets: readonly (Parameters<typeof packet>[0] | Uint8Array)[]): Promise<string> {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const call = engine.call(METHOD);
  for (const fields of packets) call.send(fields instanceof Uint8Array ? fields : packet(fields));
  call.end();
  const status = await call.status;
  expect(status.code).not.toBe(0);
  await target.discard();
  expect(readdirSync(folder)).toEqual([]);
  return status.message;
}

test('engines that break the protocol', async () => {
  const a = stat('a', { size: 1n });
  const x = Buffer.from('x');
  expect(await misbehave([{ type: STAT }, { type: STAT, stat: a }])).toContain('after the end of its list');
  expect(await misbehave([{ type: STAT, stat: a }, { type: STAT }, { type: STAT, stat: stat('b') }])).toContain(
    'after the end of its list',
  );
  expect(
    await misbehave([
      { type: STAT, stat: a },
      { type: DATA, ID: 1, data: x },
    ]),
  ).toContain('data for entry 1, which was not asked for');
  expect(
    await misbehave([
      { type: STAT, stat: stat('d', { mode: DIRECTORY }) },
      { type: DATA, ID: 0, data: x },
    ]),
  ).toContain('not asked for');
  expect(
    await misbehave([{ type: STAT, stat: a }, { type: DATA, data: x }, { type: DATA }, { type: DATA, data: x }]),
  ).toContain('not asked for');
  expect(await misbehave([{ type: STAT, stat: a }, { type: FIN }])).toContain('before it was complete');
  expect(await misbehave([{ type: STAT, stat: a }])).toContain('before it was complete');
  expect(await misbehave([{ type: ERR, data: Buffer.from('no such snapshot') }])).toContain(
    'could not send the files: no such snapshot',
  );
  expect(await misbehave([Buffer.from([0x08, 9])])).toContain('packet of type 9');
});

test('an engine that begins files without end is stopped, and bytes that come one by one are bounded', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const call = engine.call(METHOD);
  for (let i = 0; i < 600; i++) call.send(packet({ type: STAT, stat: stat(`f${1000 + i}`, { size: 100_000n }) }));
  const chunk = Buffer.alloc(60_000);
  for (let i = 0; i < 600; i++) call.send(packet({ type: DATA, ID: i, data: chunk }));
  expect((await call.status).message).toContain('more than 512 files at a time');
  await target.discard();
  const again = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const slow = engine.call(METHOD);
  slow.send(packet({ type: STAT, stat: stat('f', { size: 100_000n }) }));
  slow.send(packet({ type: STAT }));
  await slow.next();
  const byte = packet({ type: DATA, data: Buffer.from('x') });
  for (let i = 0; i < 100_000; i++) slow.send(byte);
  slow.send(packet({ type: DATA }));
  await slow.next();
  slow.send(packet({ type: FIN }));
  expect((await slow.status).code).toBe(0);
  await again.commit();
  expect(readFileSync(join(out, 'f'), 'utf8')).toBe('x'.repeat(100_000));
});

test('an engine that never goes on is cancelled without a trace', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const call = engine.call(METHOD);
  call.send(packet({ type: STAT, stat: stat('a', { size: 900_000n }) }));
  await call.next();
  call.send(packet({ type: DATA, data: Buffer.alloc(800_000) }));
  await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  expect(readdirSync(folder).length).toBe(1);
  await target.discard();
  expect(readdirSync(folder)).toEqual([]);
  expect((await call.status).code).not.toBe(0);
  expect(events.at(-1)?.state).toBe('failed');
});

test('a session that is closed leaves nothing behind', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(folder, 'made/out') });
  const call = engine.call(METHOD);
  call.send(packet({ type: STAT, stat: stat('a', { size: 9n }) }));
  await call.next();
  await session.close();
  await expect(target.done).rejects.toMatchObject({ name: 'TransferError' });
  expect(readdirSync(folder)).toEqual([]);
});

test('an engine that dies leaves nothing behind either', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  const call = engine.call(METHOD);
  call.send(packet({ type: STAT, stat: stat('a', { size: 9n }) }));
  await call.next();
  await engine.close();
  await session.closed;
  await expect(target.done).rejects.toMatchObject({ name: 'TransferError' });
  await target.discard();
  expect(readdirSync(folder)).toEqual([]);
});

test('a destination that is a file, or below one', async () => {
  writeFileSync(out, 'x');
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await expect(target.prepare()).rejects.toMatchObject({ code: 'not-directory', path: out, help: expect.any(String) });
  // Within the transfer, not by its end alone, which an engine may take for a cancelled call.
  const { error, status } = await sendEntries(engine, 0, [file('a', 'x')]);
  expect(error).toBe(`cannot write to ${out}: it is not a directory`);
  expect(status.message).toBe(error);
  await target.discard();
  const below = session.addTarget({ exporterId: 0, kind: 'directory', path: join(out, 'x/y') });
  await expect(below.prepare()).rejects.toMatchObject({ code: 'not-directory' });
  await below.discard();
  expect(readFileSync(out, 'utf8')).toBe('x');
});

test('a destination without write right', async () => {
  chmodSync(folder, 0o555);
  process.seteuid?.(65534);
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  await expect(target.prepare()).rejects.toMatchObject({ code: 'not-permitted', path: expect.stringContaining(out) });
  const archive = session.addTarget({ exporterId: 1, kind: 'file', path: out });
  await expect(archive.prepare()).rejects.toMatchObject({ code: 'not-permitted', path: out });
});

test('a directory that may be written in a parent that may not', async () => {
  mkdirSync(out, { mode: 0o777 });
  chmodSync(out, 0o777);
  chmodSync(folder, 0o555);
  process.seteuid?.(65534);
  const target = session.addTarget({ exporterId: 0, kind: 'directory', path: out });
  expect((await sendEntries(engine, 0, [file('a', 'x')])).status.code).toBe(0);
  await target.commit();
  process.seteuid?.(0);
  expect(readdirSync(out)).toEqual(['a']);
});

/** A file system of its own, too small for what comes. */
function withSmallDisk(options: string, use: (mount: string) => Promise<void>): Promise<void> {
  const mount = join(folder, 'mount');
  mkdirSync(mount);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', mount]);
  return use(mount).finally(() => execFileSync('umount', ['-l', mount]));
}

test('a full disk', async () => {
  await withSmallDisk('size=1m', async (mount) => {
    mkdirSync(join(mount, 'out'));
    const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(mount, 'out') });
    const { status } = await sendEntries(engine, 0, [file('big', Buffer.alloc(3_000_000))]);
    expect(status.message).toContain(`cannot write ${join(mount, 'out/big')}: no space left`);
    await expect(target.commit()).rejects.toMatchObject({ code: 'no-space', help: expect.any(String) });
    expect(readdirSync(join(mount, 'out'))).toEqual([]);
    expect(readdirSync(mount)).toEqual(['out']);
  });
});

test('a destination that is a mount of its own, and one with a mount in it', async () => {
  await withSmallDisk('size=10m', async (mount) => {
    const target = session.addTarget({ exporterId: 0, kind: 'directory', path: mount });
    await sendEntries(engine, 0, [file('a', 'x')]);
    await target.commit();
    expect(readdirSync(mount)).toEqual(['a']);
    const above = session.addTarget({ exporterId: 0, kind: 'directory', path: folder });
    await sendEntries(engine, 0, [
      directory('mount'),
      file('mount/b', 'y', { mode: 0o640 }),
      directory('mount/d'),
      link('mount/d/l', 'x'),
    ]);
    await above.commit();
    expect(readdirSync(mount).sort()).toEqual(['a', 'b', 'd']);
    expect(lstatSync(join(mount, 'b')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(mount, 'b'), { bigint: true }).mtimeNs).toBe(1_700_000_000_000_000_000n);
    expect(readlinkSync(join(mount, 'd/l'))).toBe('x');
  });
});

test('a read-only file system', async () => {
  await withSmallDisk('size=1m,ro', async (mount) => {
    const target = session.addTarget({ exporterId: 0, kind: 'directory', path: join(mount, 'out') });
    await expect(target.prepare()).rejects.toMatchObject({ code: 'read-only' });
    await target.discard();
    const whole = session.addTarget({ exporterId: 0, kind: 'directory', path: mount });
    await expect(whole.prepare()).rejects.toMatchObject({ code: 'read-only' });
    await whole.discard();
    const archive = session.addTarget({ exporterId: 0, kind: 'file', path: join(mount, 'x.tar') });
    await expect(archive.prepare()).rejects.toMatchObject({ code: 'read-only' });
  });
});

function bytes(data: Uint8Array): Uint8Array {
  const header = [0x0a];
  for (let rest = data.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      header.push(rest);
      break;
    }
    header.push((rest & 0x7f) | 0x80);
  }
  return Buffer.concat([Buffer.from(header), data]);
}

/** Sends an archive in chunks, as the tar, oci and docker exporters do. */
async function sendArchive(chunks: readonly Uint8Array[], id = 0): Promise<{ code: number; message: string }> {
  const call = engine.call(METHOD, { 'buildkit-attachable-exporter-id': String(id) });
  for (const chunk of chunks) call.send(bytes(chunk));
  call.end();
  return await call.status;
}

test('an archive becomes a file, whole', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: join(folder, 'made/x.tar') });
  const chunks = [Buffer.alloc(3_000_000, 'a'), Buffer.from(''), Buffer.alloc(100, 'b')];
  expect((await sendArchive(chunks)).code).toBe(0);
  expect(existsSync(join(folder, 'made/x.tar'))).toBe(false);
  expect(await target.commit()).toEqual({ files: 1, bytes: 3_000_100 });
  expect(readFileSync(join(folder, 'made/x.tar')).equals(Buffer.concat(chunks))).toBe(true);
  expect(readdirSync(join(folder, 'made'))).toEqual(['x.tar']);
});

test('an archive replaces a file, keeps its mode, and follows a link to it', async () => {
  writeFileSync(join(folder, 'real'), 'old', { mode: 0o600 });
  linkSync(join(folder, 'real'), join(folder, 'second'));
  symlinkSync('real', out);
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  await sendArchive([Buffer.from('new')]);
  await target.commit();
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
  expect(lstatSync(join(folder, 'real')).mode & 0o777).toBe(0o600);
  expect(lstatSync(out).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'second'), 'utf8')).toBe('old');
});

test('an archive that is given up leaves the old file', async () => {
  writeFileSync(out, 'old');
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  await sendArchive([Buffer.from('new')]);
  await target.discard();
  expect(readFileSync(out, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['out']);
});

test('an archive for a directory, without space, sent twice, or never', async () => {
  mkdirSync(out);
  const wrong = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  expect((await sendArchive([Buffer.from('x')])).message).toContain('it is a directory');
  await wrong.discard();
  await withSmallDisk('size=1m', async (mount) => {
    const full = session.addTarget({ exporterId: 0, kind: 'file', path: join(mount, 'x.tar') });
    expect((await sendArchive([Buffer.alloc(3_000_000)])).message).toContain('no space left');
    await expect(full.commit()).rejects.toMatchObject({ code: 'no-space' });
    expect(readdirSync(mount)).toEqual([]);
  });
  const twice = session.addTarget({ exporterId: 0, kind: 'file', path: join(folder, 'x.tar') });
  await sendArchive([Buffer.from('x')]);
  expect((await sendArchive([Buffer.from('y')])).message).toContain('second time');
  await expect(twice.commit()).rejects.toMatchObject({ code: 'protocol' });
  const never = session.addTarget({ exporterId: 0, kind: 'file', path: join(folder, 'x.tar') });
  await expect(never.commit()).rejects.toMatchObject({ code: 'incomplete' });
  expect(existsSync(join(folder, 'x.tar'))).toBe(false);
});

test('what is not a regular file is written to directly', async () => {
  execFileSync('mkfifo', [out]);
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  const reader = new Promise<string>((resolve) => {
    execFile('cat', [out], (_error, stdout) => resolve(stdout));
  });
  await sendArchive([Buffer.from('through the pipe')]);
  await target.commit();
  expect(await reader).toBe('through the pipe');
  expect(lstatSync(out).isFIFO()).toBe(true);
});

test('a pipe that nobody reads holds nothing up', async () => {
  execFileSync('mkfifo', [out]);
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  const preparing = target.prepare();
  const sending = sendArchive([Buffer.from('x')]);
  await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  await target.discard();
  await expect(preparing).rejects.toThrow();
  expect((await sending).code).not.toBe(0);
  // One whose reader has stopped reading, with more than a pipe holds on its way.
  const reader = openSync(out, constants.O_RDONLY | constants.O_NONBLOCK);
  const full = session.addTarget({ exporterId: 0, kind: 'file', path: out });
  const call = engine.call(METHOD);
  for (let i = 0; i < 20; i++) call.send(bytes(Buffer.alloc(100_000)));
  for (let i = 0; i < 20; i++) await engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  await full.discard();
  expect((await call.status).code).not.toBe(0);
  closeSync(reader);
});

test('a pipe without a name, as /dev/stdout may be', async () => {
  execFileSync('mkfifo', [out]);
  const reader = openSync(out, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(out, constants.O_WRONLY);
  rmSync(out);
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: `/proc/self/fd/${writer}` });
  expect((await sendArchive([Buffer.from('no name')])).code).toBe(0);
  await target.commit();
  const buffer = Buffer.alloc(100);
  expect(buffer.toString('utf8', 0, readSync(reader, buffer))).toBe('no name');
  closeSync(reader);
  closeSync(writer);
});

test('a device is written to directly', async () => {
  const target = session.addTarget({ exporterId: 0, kind: 'file', path: '/dev/null' });
  expect((await sendArchive([Buffer.alloc(3_000_000)])).code).toBe(0);
  expect(await target.commit()).toEqual({ files: 1, bytes: 3_000_000 });
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a stream gets an archive as it comes, and is ended', async () => {
  const sink = new PassThrough();
  const chunks: Buffer[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk));
  const target = session.addTarget({ exporterId: 2, kind: 'stream', sink });
  expect((await sendArchive([Buffer.alloc(2_000_000, 'x'), Buffer.from('end')], 2)).code).toBe(0);
  expect(await target.commit()).toEqual({ files: 1, bytes: 2_000_003 });
  expect(Buffer.concat(chunks).length).toBe(2_000_003);
  expect(sink.writableFinished).toBe(true);
});

test('a stream that fails, or is closed, ends the transfer', async () => {
  const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken pipe')) });
  const target = session.addTarget({ exporterId: 0, kind: 'stream', sink: failing });
  const status = await sendArchive([Buffer.alloc(100_000), Buffer.alloc(100_000), Buffer.alloc(100_000)]);
  expect(status.message).toContain('broken pipe');
  await expect(target.commit()).rejects.toMatchObject({ code: 'io' });
});
