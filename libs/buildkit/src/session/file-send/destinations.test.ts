import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sendEntries } from '../fixtures/fake-transfer.js';
import { outputsForEachTest } from '../fixtures/outputs.js';
import { directory, file, link } from '../fixtures/sent-entries.js';
import { withSmallDisk } from '../fixtures/small-disk.js';

const place = outputsForEachTest();

test('a destination that is a file, or below one', async () => {
  writeFileSync(place.out, 'x');
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await expect(target.prepare()).rejects.toMatchObject({
    code: 'not-directory',
    path: place.out,
    help: expect.any(String),
  });
  // Within the transfer, not by its end alone, which an engine may take for a cancelled call.
  const { error, status } = await sendEntries(place.engine, 0, [file('a', 'x')]);
  expect(error).toBe(`cannot write to ${place.out}: it is not a directory`);
  expect(status.message).toBe(error);
  await target.discard();
  const below = place.session.addTarget({ exporterId: 0, kind: 'directory', path: join(place.out, 'x/y') });
  await expect(below.prepare()).rejects.toMatchObject({ code: 'not-directory' });
  await below.discard();
  expect(readFileSync(place.out, 'utf8')).toBe('x');
});

test('a destination without write right', async () => {
  chmodSync(place.folder, 0o555);
  process.seteuid?.(65534);
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  await expect(target.prepare()).rejects.toMatchObject({
    code: 'not-permitted',
    path: expect.stringContaining(place.out),
  });
  const archive = place.session.addTarget({ exporterId: 1, kind: 'file', path: place.out });
  await expect(archive.prepare()).rejects.toMatchObject({ code: 'not-permitted', path: place.out });
});

test('a directory that may be written in a parent that may not', async () => {
  mkdirSync(place.out, { mode: 0o777 });
  chmodSync(place.out, 0o777);
  chmodSync(place.folder, 0o555);
  process.seteuid?.(65534);
  const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
  expect((await sendEntries(place.engine, 0, [file('a', 'x')])).status.code).toBe(0);
  await target.commit();
  process.seteuid?.(0);
  expect(readdirSync(place.out)).toEqual(['a']);
});

test('a full disk', async () => {
  const mount = join(place.folder, 'mount');
  await withSmallDisk(mount, 'size=1m', async () => {
    mkdirSync(join(mount, 'out'));
    const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: join(mount, 'out') });
    const { status } = await sendEntries(place.engine, 0, [file('big', Buffer.alloc(3_000_000))]);
    expect(status.message).toContain(`cannot write ${join(mount, 'out/big')}: no space left`);
    await expect(target.commit()).rejects.toMatchObject({ code: 'no-space', help: expect.any(String) });
    expect(readdirSync(join(mount, 'out'))).toEqual([]);
    expect(readdirSync(mount)).toEqual(['out']);
  });
});

test('a destination that is a mount of its own, and one with a mount in it', async () => {
  const mount = join(place.folder, 'mount');
  await withSmallDisk(mount, 'size=10m', async () => {
    const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: mount });
    await sendEntries(place.engine, 0, [file('a', 'x')]);
    await target.commit();
    expect(readdirSync(mount)).toEqual(['a']);
    const above = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.folder });
    await sendEntries(place.engine, 0, [
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
  const mount = join(place.folder, 'mount');
  await withSmallDisk(mount, 'size=1m,ro', async () => {
    const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: join(mount, 'out') });
    await expect(target.prepare()).rejects.toMatchObject({ code: 'read-only' });
    await target.discard();
    const whole = place.session.addTarget({ exporterId: 0, kind: 'directory', path: mount });
    await expect(whole.prepare()).rejects.toMatchObject({ code: 'read-only' });
    await whole.discard();
    const archive = place.session.addTarget({ exporterId: 0, kind: 'file', path: join(mount, 'x.tar') });
    await expect(archive.prepare()).rejects.toMatchObject({ code: 'read-only' });
  });
});
