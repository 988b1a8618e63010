import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { Packet } from '@hlb/proto/fsutil';
import { expect, test } from 'vitest';
import { DATA, ERR, FIN, packet, REQ, receiveDirectory, sendEntries, stat } from './fixtures/fake-transfer.js';
import { sessionForEachTest } from './fixtures/open-session.js';
import { TreeFilter } from './fsutil/filter/tree-filter.js';
import { Pace } from './fsutil/pace.js';
import { FileSource } from './fsutil/send/file-source.js';
import { type TreeEntry, walkTree } from './fsutil/send/walk.js';

const SYNC = '/moby.filesync.v1.FileSync/DiffCopy';
const LINK = 2 ** 27 + 0o777;

const on = sessionForEachTest({ sends: 'src' });

const receive = (metadata: Record<string, string | string[]> = {}): ReturnType<typeof receiveDirectory> =>
  receiveDirectory(on.engine, { 'dir-name': 'src', ...metadata });

/** Sends the tree and takes it back. */
async function roundTrip(): Promise<Awaited<ReturnType<typeof receive>>> {
  const sent = await receive();
  expect(sent.status).toEqual({ code: 0, message: '' });
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  expect((await sendEntries(on.engine, 0, sent.entries)).status).toEqual({ code: 0, message: '' });
  await target.commit();
  return sent;
}

test('names of 255 bytes, of every byte that a name may have', async () => {
  const names = [Buffer.alloc(255, 'n'), Buffer.from('ä'.repeat(127)), Buffer.alloc(255, 0xff)];
  for (let byte = 1; byte < 256; byte++) if (byte !== 0x2f && byte !== 0x2e) names.push(Buffer.from([byte]));
  for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${on.src}/`), name]), name);
  await roundTrip();
  const sorted = [...names].sort(Buffer.compare).map((name) => name.toString('hex'));
  const found = readdirSync(on.out, 'buffer').sort(Buffer.compare);
  expect(found.map((name) => name.toString('hex'))).toEqual(sorted);
  for (const name of found)
    expect(readFileSync(Buffer.concat([Buffer.from(`${on.out}/`), name])).equals(name)).toBe(true);
});

test('a path almost as long as the system takes', async () => {
  const deep = `${'d'.repeat(200)}/`.repeat(18);
  mkdirSync(join(on.src, deep), { recursive: true });
  writeFileSync(join(on.src, deep, 'f'), 'deep');
  await roundTrip();
  expect(readFileSync(join(on.out, deep, 'f'), 'utf8')).toBe('deep');
});

test('a path that is too long for the system is an error that names it', async () => {
  // Longer than a path may be, as a tree that was made from within can be.
  const script = 'cd "$1"; while mkdir "$2" && cd "$2" 2>/dev/null; do :; done';
  execFileSync('sh', ['-c', script, 'sh', on.src, 'd'.repeat(200)]);
  const { status } = await receive();
  expect(status.message).toContain('the name is too long for the file system');
  expect(status.message).toContain(`${on.src}/ddd`);
});

test('links that lead in a circle, to themselves, up and nowhere are sent as they are, and followed to an end', async () => {
  mkdirSync(join(on.src, 'd'));
  const links = {
    a: 'b',
    b: 'a',
    self: 'self',
    'd/up': '..',
    'd/here': '.',
    nowhere: 'missing/x',
    away: '/etc/passwd',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(on.src, name));
  await roundTrip();
  for (const [name, target] of Object.entries(links)) expect(readlinkSync(join(on.out, name))).toBe(target);
  const { entries, status } = await receive({
    followpaths: ['a/x', 'self', 'd/up/d/up/a', 'd/here/here/here/b', 'away'],
  });
  expect(status.code).toBe(0);
  expect(entries.map((entry) => entry.stat.path)).toEqual(['a', 'away', 'b', 'd', 'd/here', 'd/up', 'self']);
});

test('sockets, pipes and devices are announced and never opened', async () => {
  const server = net.createServer().listen(join(on.src, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  execFileSync('mkfifo', [join(on.src, 'pipe')]);
  execFileSync('mknod', [join(on.src, 'char'), 'c', '1', '300']);
  execFileSync('mknod', [join(on.src, 'block'), 'b', '259', '70000']);
  const { entries, status } = await receive();
  server.close();
  expect(status.code).toBe(0);
  const kinds = entries.map((entry) => [
    entry.stat.path,
    (entry.stat.mode & 0x8f280000) >>> 0,
    Number(entry.stat.devmajor),
    Number(entry.stat.devminor),
    entry.content?.length,
  ]);
  expect(kinds).toEqual([
    ['block', 2 ** 26, 259, 70000, undefined],
    ['char', 2 ** 26 + 2 ** 21, 1, 300, undefined],
    ['pipe', 2 ** 25, 0, 0, undefined],
    ['socket', 0, 0, 0, 0],
  ]);
});

test('a sparse file of 9 GiB', async () => {
  const size = 9 * 2 ** 30;
  const path = join(on.src, 'huge');
  writeFileSync(path, 'begin');
  truncateSync(path, size);
  const fd = openSync(path, 'r+');
  writeSync(fd, 'end', size - 3);
  closeSync(fd);
  const call = on.engine.call(SYNC, { 'dir-name': 'src' });
  const first = Packet.decode((await call.next()) ?? Buffer.alloc(0));
  expect(first.stat?.size).toBe(BigInt(size));
  call.send(packet({ type: REQ }));
  await call.next();
  expect(
    Packet.decode((await call.next()) ?? Buffer.alloc(0))
      .data.subarray(0, 5)
      .toString(),
  ).toBe('begin');
  call.cancel();
  const modTime = lstatSync(path, { bigint: true }).mtimeNs;
  const source = new FileSource(on.src, { id: 0, path: 'huge', mode: 0o644, size, modTime });
  const buffers = [Buffer.alloc(4), Buffer.alloc(100)];
  expect(await source.readInto(buffers, size - 10)).toBe(10);
  expect(Buffer.concat(buffers).subarray(7, 10).toString()).toBe('end');
  expect(source.verify()).toBe(false);
  source.close();
});

/** Asks for a large file, and does something to it when its first bytes have come. What comes then is all read. */
async function amid(
  change: (path: string) => void,
): Promise<{ code: number; message: string; content: Buffer; ended: boolean; error: string | undefined }> {
  const path = join(on.src, 'f');
  rmSync(path, { force: true });
  writeFileSync(path, Buffer.alloc(40_000_000, 'x'));
  utimesSync(path, 1_000_000, 1_000_000);
  const call = on.engine.call(SYNC, { 'dir-name': 'src' });
  await call.next();
  call.send(packet({ type: REQ }));
  await call.next();
  const content = [Packet.decode((await call.next()) ?? Buffer.alloc(0)).data];
  change(path);
  let ended = false;
  let error: string | undefined;
  for (let message = await call.next(); message; message = await call.next()) {
    const received = Packet.decode(message);
    if (received.type === DATA) content.push(received.data);
    if (received.type === ERR) error = Buffer.from(received.data).toString();
    if (received.type !== DATA || received.data.length > 0) continue;
    ended = true;
    call.send(packet({ type: FIN }));
  }
  return { ...(await call.status), content: Buffer.concat(content), ended, error };
}

test.each<[string, (path: string) => void]>([
  ['shrinks', (path) => truncateSync(path, 10)],
  ['is emptied and written anew', (path) => writeFileSync(path, Buffer.alloc(40_000_000, 'y'))],
  [
    'changes at a place that was sent already',
    (path) => {
      const fd = openSync(path, 'r+');
      writeSync(fd, 'changed', 0);
      closeSync(fd);
    },
  ],
])('a file that %s while it is sent fails by name', async (_what, change) => {
  const { code, message, ended, error } = await amid(change);
  const told = `${join(on.src, 'f')} changed while it was being sent`;
  // Told within the transfer, in place of the end of the file.
  expect({ code, message, ended, error }).toEqual({ code: 10, message: told, ended: false, error: told });
});

test.each<[string, (path: string) => void]>([
  ['vanishes', (path) => rmSync(path)],
  ['loses its read right', (path) => chmodSync(path, 0)],
  ['grows', (path) => appendFileSync(path, 'more')],
])('a file that %s while it is sent arrives as it was', async (_what, change) => {
  const { code, content, ended } = await amid(change);
  expect({ code, ended }).toEqual({ code: 0, ended: true });
  expect(content.equals(Buffer.alloc(40_000_000, 'x'))).toBe(true);
});

test.each([
  ['without patterns', []],
  ['with patterns', ['**']],
])('a folder that becomes a link while the tree is walked, %s, is not entered', async (_what, include) => {
  mkdirSync(join(on.src, 'a'));
  mkdirSync(join(on.src, 'z'));
  writeFileSync(join(on.src, 'z/own'), 'own');
  const told: string[] = [];
  const sink = {
    entry: ({ stat: { path } }: TreeEntry) => {
      told.push(path);
      if (path !== 'a') return;
      rmSync(join(on.src, 'z'), { recursive: true });
      symlinkSync('/etc', join(on.src, 'z'));
    },
    pressure: () => undefined,
    resting: () => undefined,
  };
  await walkTree(on.src, await TreeFilter.compile([{ include }], new Pace()), sink, new Pace());
  expect(told).toEqual(['a', 'z']);
});

test('owners are the receiver’s own, and content is what counts', async () => {
  writeFileSync(join(on.src, 'f'), 'x');
  chownSync(join(on.src, 'f'), 1234, 4321);
  const { entries } = await receive();
  expect([entries[0]?.stat.uid, entries[0]?.stat.gid]).toEqual([0, 0]);
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  await sendEntries(on.engine, 0, [
    { stat: stat('f', { uid: 1234, gid: 4321, size: 1n }), content: Buffer.from('x') },
    { stat: stat('l', { uid: 1234, gid: 4321, mode: LINK, linkname: 'f' }) },
  ]);
  await target.commit();
  for (const name of ['f', 'l']) {
    expect([lstatSync(join(on.out, name)).uid, lstatSync(join(on.out, name)).gid]).toEqual([
      process.getuid?.(),
      process.getgid?.(),
    ]);
  }
});
