import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sendEntries, stat } from '../fixtures/fake-transfer.js';
import { outputsForEachTest } from '../fixtures/outputs.js';
import { directory, file, hardLink, link } from '../fixtures/sent-entries.js';

const place = outputsForEachTest();

test('modes, times, links of both kinds, and pipes', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const { status } = await sendEntries(place.engine, 0, [
    file('a', 'content', { mode: 0o755, modTime: 1_234_567_890_123_456_000n }),
    directory('closed', 2 ** 31 + 2 ** 20 + 0o555),
    file('closed/x', 'x', { mode: 2 ** 23 + 0o700 }),
    { stat: stat('fifo', { mode: 2 ** 25 + 0o640 }) },
    hardLink('hard', 'a'),
    link('soft', '../../anywhere'),
  ]);
  expect(status).toEqual({ code: 0, message: '' });
  expect(existsSync(place.out)).toBe(false);
  expect(await target.commit()).toEqual({ files: 2, bytes: 8 });
  expect(await target.done).toEqual({ files: 2, bytes: 8 });
  expect(lstatSync(join(place.out, 'a'), { bigint: true }).mtimeNs).toBe(1_234_567_890_123_456_000n);
  expect(lstatSync(join(place.out, 'a')).ino).toBe(lstatSync(join(place.out, 'hard')).ino);
  expect(lstatSync(join(place.out, 'closed')).mode & 0o7777).toBe(0o1555);
  expect(lstatSync(join(place.out, 'closed'), { bigint: true }).mtimeNs).toBe(1_700_000_000_000_000_000n);
  expect(lstatSync(join(place.out, 'closed/x')).mode & 0o7777).toBe(0o4700);
  expect(lstatSync(join(place.out, 'fifo')).isFIFO()).toBe(true);
  expect(lstatSync(join(place.out, 'fifo')).mode & 0o777).toBe(0o640);
  expect(readlinkSync(join(place.out, 'soft'))).toBe('../../anywhere');
  expect(lstatSync(join(place.out, 'soft'), { bigint: true }).mtimeNs).toBe(1_700_000_000_000_000_000n);
  expect(statSync(place.out).mode & 0o777).toBe(0o700);
  expect(readdirSync(place.folder)).toEqual(['out']);
});

test('merges into what is there', async () => {
  mkdirSync(join(place.out, 'kept'), { recursive: true });
  writeFileSync(join(place.out, 'kept/old'), 'old');
  writeFileSync(join(place.out, 'kept/both'), 'old');
  writeFileSync(join(place.out, 'file'), 'becomes a directory');
  mkdirSync(join(place.out, 'dir/deep'), { recursive: true });
  writeFileSync(join(place.out, 'dir/deep/x'), 'goes');
  mkdirSync(join(place.folder, 'elsewhere'));
  symlinkSync('../elsewhere', join(place.out, 'link'));
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await sendEntries(place.engine, 0, [
    file('dir', 'now a file'),
    directory('file'),
    file('file/in', 'new'),
    directory('kept', 2 ** 31 + 0o750),
    file('kept/both', 'new'),
    directory('link'),
    file('link/in', 'new'),
  ]);
  await target.commit();
  expect(readFileSync(join(place.out, 'kept/old'), 'utf8')).toBe('old');
  expect(readFileSync(join(place.out, 'kept/both'), 'utf8')).toBe('new');
  expect(lstatSync(join(place.out, 'kept')).mode & 0o777).toBe(0o750);
  expect(lstatSync(join(place.out, 'kept'), { bigint: true }).mtimeNs).toBe(1_700_000_000_000_000_000n);
  expect(readFileSync(join(place.out, 'dir'), 'utf8')).toBe('now a file');
  expect(readFileSync(join(place.out, 'file/in'), 'utf8')).toBe('new');
  expect(lstatSync(join(place.out, 'link')).isDirectory()).toBe(true);
  expect(readdirSync(join(place.folder, 'elsewhere'))).toEqual([]);
  expect(readdirSync(place.folder).sort()).toEqual(['elsewhere', 'out']);
});

test('a mirror removes what is not part of the output', async () => {
  mkdirSync(join(place.out, 'd/gone'), { recursive: true });
  writeFileSync(join(place.out, 'd/old'), '');
  writeFileSync(join(place.out, 'old'), '');
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out, mirror: true });
  await sendEntries(place.engine, 0, [directory('d'), file('d/new', 'x'), file('e', 'y')]);
  await target.commit();
  expect(readdirSync(place.out).sort()).toEqual(['d', 'e']);
  expect(readdirSync(join(place.out, 'd'))).toEqual(['new']);
});

test('the destination may be a link to a directory', async () => {
  mkdirSync(join(place.folder, 'real'));
  symlinkSync('real', place.out);
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await sendEntries(place.engine, 0, [file('a', 'x')]);
  await target.commit();
  expect(readdirSync(join(place.folder, 'real'))).toEqual(['a']);
  expect(lstatSync(place.out).isSymbolicLink()).toBe(true);
});

test('several streams into one directory, each at its own pace', async () => {
  const target = place.session.addTarget({ exporterId: 3, kind: 'directory', path: place.out });
  const both = await Promise.all([
    sendEntries(place.engine, 3, [directory('linux_amd64'), file('linux_amd64/a', 'x')]),
    sendEntries(place.engine, 3, [directory('linux_arm64'), file('linux_arm64/a', 'yy')]),
  ]);
  expect(both.map(({ status }) => status.code)).toEqual([0, 0]);
  expect(await target.commit()).toEqual({ files: 2, bytes: 3 });
  expect(readdirSync(place.out).sort()).toEqual(['linux_amd64', 'linux_arm64']);
});

test('an empty tree makes an empty directory', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: join(place.folder, 'x/y/out') });
  await sendEntries(place.engine, 0, []);
  expect(await target.commit()).toEqual({ files: 0, bytes: 0 });
  expect(readdirSync(join(place.folder, 'x/y/out'))).toEqual([]);
});

test('health is answered while many small files are received', async () => {
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  const entries = Array.from({ length: 300 }, (_, i) => file(`f${1000 + i}`, 'x'));
  // A file comes once health was answered since the session asked for it: one that answers only when all is there never gets there.
  const healthy = async (): Promise<void> => {
    await place.engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
  };
  const { status } = await sendEntries(place.engine, 0, entries, 32 * 1024, healthy);
  expect(status).toEqual({ code: 0, message: '' });
  expect(await target.commit()).toEqual({ files: 300, bytes: 300 });
});
