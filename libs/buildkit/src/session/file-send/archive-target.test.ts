import { execFile, execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { outputsForEachTest } from '../fixtures/outputs.js';
import { withSmallDisk } from '../fixtures/small-disk.js';
import { turnsUntil } from '../fixtures/turns-until.js';

const METHOD = '/moby.filesync.v1.FileSend/DiffCopy';

const place = outputsForEachTest();

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
  const call = place.engine.call(METHOD, { 'buildkit-attachable-exporter-id': String(id) });
  for (const chunk of chunks) call.send(bytes(chunk));
  call.end();
  return await call.status;
}

test('an archive becomes a file, whole', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: join(place.folder, 'made/x.tar') });
  const chunks = [Buffer.alloc(3_000_000, 'a'), Buffer.from(''), Buffer.alloc(100, 'b')];
  expect((await sendArchive(chunks)).code).toBe(0);
  expect(existsSync(join(place.folder, 'made/x.tar'))).toBe(false);
  expect(await target.commit()).toEqual({ files: 1, bytes: 3_000_100 });
  expect(readFileSync(join(place.folder, 'made/x.tar')).equals(Buffer.concat(chunks))).toBe(true);
  expect(readdirSync(join(place.folder, 'made'))).toEqual(['x.tar']);
});

test('an archive replaces a file, keeps its mode, and follows a link to it', async () => {
  writeFileSync(join(place.folder, 'real'), 'old', { mode: 0o600 });
  linkSync(join(place.folder, 'real'), join(place.folder, 'second'));
  symlinkSync('real', place.out);
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  await sendArchive([Buffer.from('new')]);
  await target.commit();
  expect(readFileSync(join(place.folder, 'real'), 'utf8')).toBe('new');
  expect(lstatSync(join(place.folder, 'real')).mode & 0o777).toBe(0o600);
  expect(lstatSync(place.out).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(place.folder, 'second'), 'utf8')).toBe('old');
});

test('an archive that is given up leaves the old file', async () => {
  writeFileSync(place.out, 'old');
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  await sendArchive([Buffer.from('new')]);
  await target.discard();
  expect(readFileSync(place.out, 'utf8')).toBe('old');
  expect(readdirSync(place.folder)).toEqual(['out']);
});

test('an archive for a directory, without space, sent twice, or never', async () => {
  mkdirSync(place.out);
  const wrong = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  expect((await sendArchive([Buffer.from('x')])).message).toContain('it is a directory');
  await wrong.discard();
  const mount = join(place.folder, 'mount');
  await withSmallDisk(mount, 'size=1m', async () => {
    const full = place.session.addTarget({ exporterId: 0, kind: 'file', path: join(mount, 'x.tar') });
    expect((await sendArchive([Buffer.alloc(3_000_000)])).message).toContain('no space left');
    await expect(full.commit()).rejects.toMatchObject({ code: 'no-space' });
    expect(readdirSync(mount)).toEqual([]);
  });
  const twice = place.session.addTarget({ exporterId: 0, kind: 'file', path: join(place.folder, 'x.tar') });
  await sendArchive([Buffer.from('x')]);
  expect((await sendArchive([Buffer.from('y')])).message).toContain('second time');
  await expect(twice.commit()).rejects.toMatchObject({ code: 'protocol' });
  const never = place.session.addTarget({ exporterId: 0, kind: 'file', path: join(place.folder, 'x.tar') });
  await expect(never.commit()).rejects.toMatchObject({ code: 'incomplete' });
  expect(existsSync(join(place.folder, 'x.tar'))).toBe(false);
});

test('what is not a regular file is written to directly', async () => {
  execFileSync('mkfifo', [place.out]);
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  const reader = new Promise<string>((resolve) => {
    execFile('cat', [place.out], (_error, stdout) => resolve(stdout));
  });
  await sendArchive([Buffer.from('through the pipe')]);
  await target.commit();
  expect(await reader).toBe('through the pipe');
  expect(lstatSync(place.out).isFIFO()).toBe(true);
});

test('a pipe that nobody reads holds nothing up', async () => {
  execFileSync('mkfifo', [place.out]);
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  const preparing = target.prepare();
  const sending = sendArchive([Buffer.from('x')]);
  await place.engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  await target.discard();
  await expect(preparing).rejects.toThrow();
  expect((await sending).code).not.toBe(0);
  // One whose reader has stopped reading, with more than a pipe holds on its way.
  const reader = openSync(place.out, constants.O_RDONLY | constants.O_NONBLOCK);
  const full = place.session.addTarget({ exporterId: 0, kind: 'file', path: place.out });
  const call = place.engine.call(METHOD);
  for (let i = 0; i < 20; i++) call.send(bytes(Buffer.alloc(100_000)));
  for (let i = 0; i < 20; i++) await place.engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  await full.discard();
  expect((await call.status).code).not.toBe(0);
  closeSync(reader);
});

test('a pipe without a name, as /dev/stdout may be', async () => {
  execFileSync('mkfifo', [place.out]);
  const reader = openSync(place.out, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(place.out, constants.O_WRONLY);
  rmSync(place.out);
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: `/proc/self/fd/${writer}` });
  expect((await sendArchive([Buffer.from('no name')])).code).toBe(0);
  await target.commit();
  const buffer = Buffer.alloc(100);
  expect(buffer.toString('utf8', 0, readSync(reader, buffer))).toBe('no name');
  closeSync(reader);
  closeSync(writer);
});

test('a device is written to directly', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'file', path: '/dev/null' });
  expect((await sendArchive([Buffer.alloc(3_000_000)])).code).toBe(0);
  expect(await target.commit()).toEqual({ files: 1, bytes: 3_000_000 });
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a stream gets an archive as it comes, and is ended', async () => {
  const sink = new PassThrough();
  const chunks: Buffer[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk));
  const target = place.session.addTarget({ exporterId: 2, kind: 'stream', sink });
  expect((await sendArchive([Buffer.alloc(2_000_000, 'x'), Buffer.from('end')], 2)).code).toBe(0);
  expect(await target.commit()).toEqual({ files: 1, bytes: 2_000_003 });
  expect(Buffer.concat(chunks).length).toBe(2_000_003);
  expect(sink.writableFinished).toBe(true);
});

test('a stream that fails, or is closed, ends the transfer', async () => {
  const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken pipe')) });
  const target = place.session.addTarget({ exporterId: 0, kind: 'stream', sink: failing });
  const status = await sendArchive([Buffer.alloc(100_000), Buffer.alloc(100_000), Buffer.alloc(100_000)]);
  expect(status.message).toContain('broken pipe');
  await expect(target.commit()).rejects.toMatchObject({ code: 'io' });
});

test('a stream that ended before anything came ends the transfer', async () => {
  const failed = new PassThrough();
  const target = place.session.addTarget({ exporterId: 0, kind: 'stream', sink: failed });
  failed.destroy(new Error('the reader is gone'));
  await turnsUntil(() => failed.closed);
  expect((await sendArchive([Buffer.alloc(10)])).message).toContain('the reader is gone');
  await expect(target.commit()).rejects.toMatchObject({ code: 'io' });
});
