import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DATA, ERR, FIN, packet, type SentEntry, STAT, sendEntries, stat } from '../fixtures/fake-transfer.js';
import { outputsForEachTest } from '../fixtures/outputs.js';
import { DIRECTORY, directory, file, hardLink, link } from '../fixtures/sent-entries.js';

const METHOD = '/moby.filesync.v1.FileSend/DiffCopy';

const place = outputsForEachTest();

/** What is sent to a directory beside a file that must stay as it is; nothing may be left over. */
async function refuses(entries: readonly SentEntry[], code: string, text: string): Promise<void> {
  writeFileSync(join(place.folder, 'victim'), 'untouched');
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const { status, error } = await sendEntries(place.engine, 0, entries);
  expect(status.code).not.toBe(0);
  expect(status.message).toContain(text);
  expect(error).toBe(status.message);
  await expect(target.done).rejects.toMatchObject({ code });
  await expect(target.commit()).rejects.toMatchObject({ code });
  expect(readdirSync(place.folder)).toEqual(['victim']);
  expect(readFileSync(join(place.folder, 'victim'), 'utf8')).toBe('untouched');
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
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await target.prepare();
  const staging = readdirSync(place.folder)[0] ?? '';
  const call = place.engine.call(METHOD, { 'buildkit-attachable-exporter-id': '0' });
  call.send(packet({ type: STAT, stat: stat('README', { size: 1n }) }));
  await call.next();
  writeFileSync(join(place.folder, staging, '1/readme'), '');
  call.send(packet({ type: STAT, stat: stat('readme', { mode: DIRECTORY }) }));
  expect((await call.status).message).toContain('readme has the same name as another entry');
  await expect(target.done).rejects.toMatchObject({ code: 'name-collision' });
});

/** Sends packets as they are, and tells how the call ends. */
async function misbehave(packets: readonly (Parameters<typeof packet>[0] | Uint8Array)[]): Promise<string> {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const call = place.engine.call(METHOD);
  for (const fields of packets) call.send(fields instanceof Uint8Array ? fields : packet(fields));
  call.end();
  const status = await call.status;
  expect(status.code).not.toBe(0);
  await target.discard();
  expect(readdirSync(place.folder)).toEqual([]);
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
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const call = place.engine.call(METHOD);
  for (let i = 0; i < 600; i++) call.send(packet({ type: STAT, stat: stat(`f${1000 + i}`, { size: 100_000n }) }));
  const chunk = Buffer.alloc(60_000);
  for (let i = 0; i < 600; i++) call.send(packet({ type: DATA, ID: i, data: chunk }));
  expect((await call.status).message).toContain('more than 512 files at a time');
  await target.discard();
  const again = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const slow = place.engine.call(METHOD);
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
  expect(readFileSync(join(place.out, 'f'), 'utf8')).toBe('x'.repeat(100_000));
});
