import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setAttributeSync } from '@napi-rs/xattr';
import { describe, expect, test } from 'vitest';
import { hasUserXattrs, xattrsOf } from '../../../../tests/support/xattrs.js';
import { receiveDirectory, sendEntries, stat } from './fixtures/fake-transfer.js';
import { sessionForEachTest } from './fixtures/open-session.js';

const DIRECTORY = 2 ** 31 + 0o755;
const LINK = 2 ** 27 + 0o777;

/** CAP_NET_RAW, effective and permitted, as the kernel keeps it (`struct vfs_cap_data`, revision 2). */
const CAPABILITY = Buffer.from('0100000200200000000000000000000000000000', 'hex');

const root = process.getuid?.() === 0 && process.platform === 'linux';

const on = sessionForEachTest({ sends: 'src' });

const bytes = (text: string): Buffer => Buffer.from(text);

/** Sends entries to `out`, and commits. */
async function send(...entries: Parameters<typeof sendEntries>[2]): Promise<void> {
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  expect((await sendEntries(on.engine, 0, entries)).status).toEqual({ code: 0, message: '' });
  await target.commit();
}

describe.runIf(hasUserXattrs())('on a file system that takes them', () => {
  test('all that an entry has is sent, also of directories and of further names of a file', async () => {
    mkdirSync(join(on.src, 'd'));
    writeFileSync(join(on.src, 'd/f'), 'x');
    execFileSync('ln', [join(on.src, 'd/f'), join(on.src, 'd/g')]);
    symlinkSync('d/f', join(on.src, 'link'));
    setAttributeSync(join(on.src, 'd'), 'user.dir', 'of d');
    setAttributeSync(join(on.src, 'd/f'), 'user.file', 'of f');
    if (root) setAttributeSync(join(on.src, 'd/f'), 'security.capability', CAPABILITY);
    const { entries } = await receiveDirectory(on.engine, { 'dir-name': 'src' });
    const sent = entries.map((entry) => [
      entry.stat.path,
      Object.fromEntries([...entry.stat.xattrs].filter(([name]) => name !== 'security.selinux').sort()),
    ]);
    const ofFile = { ...(root ? { 'security.capability': CAPABILITY } : {}), 'user.file': bytes('of f') };
    expect(sent).toEqual([
      ['d', { 'user.dir': bytes('of d') }],
      ['d/f', ofFile],
      ['d/g', ofFile],
      ['link', {}],
    ]);
  });

  test('large and small files, and directories, get what is sent, whatever their mode', async () => {
    const xattrs = (text: string): Map<string, Buffer> => new Map([['user.of', bytes(text)]]);
    await send(
      { stat: stat('d', { mode: DIRECTORY - 0o200, xattrs: xattrs('d') }) },
      { stat: stat('d/small', { mode: 0o444, size: 1n, xattrs: xattrs('small') }), content: bytes('x') },
      {
        stat: stat('large', { mode: 0, size: 1_000_000n, xattrs: xattrs('large') }),
        content: Buffer.alloc(1_000_000),
      },
    );
    for (const name of ['d', 'd/small', 'large']) {
      expect(xattrsOf(join(on.out, name))).toEqual({ 'user.of': name.replace('d/', '') });
      expect(lstatSync(join(on.out, name)).mtimeMs).toBe(1_700_000_000_000);
    }
    chmodSync(join(on.out, 'd'), 0o755);
  });

  test('those that could be read by the second name of a file alone arrive, too', async () => {
    execFileSync('sh', ['-c', 'printf x > "$(printf "$1/a\\377")" && ln "$(printf "$1/a\\377")" "$1/b"', 'sh', on.src]);
    setAttributeSync(join(on.src, 'b'), 'user.x', 'of both');
    const { entries } = await receiveDirectory(on.engine, { 'dir-name': 'src' });
    expect(entries.map((entry) => [entry.stat.linkname === '', entry.stat.xattrs.size])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    await send(...entries);
    expect(xattrsOf(join(on.out, 'b'))).toEqual({ 'user.x': 'of both' });
  });

  test('a directory that is there keeps its own, and gets what is sent', async () => {
    mkdirSync(join(on.out, 'd'), { recursive: true });
    setAttributeSync(join(on.out, 'd'), 'user.own', 'own');
    setAttributeSync(join(on.out, 'd'), 'user.both', 'old');
    await send({ stat: stat('d', { mode: DIRECTORY, xattrs: new Map([['user.both', bytes('new')]]) }) });
    expect(xattrsOf(join(on.out, 'd'))).toEqual({ 'user.both': 'new', 'user.own': 'own' });
  });

  test('what cannot be set is left out, and nothing is set through a link', async () => {
    const outside = join(on.folder, 'outside');
    writeFileSync(outside, '');
    const xattrs = new Map([
      ['no-namespace', bytes('x')],
      ['user.\0', bytes('x')],
      [`user.${'n'.repeat(300)}`, bytes('x')],
      ['user.large', Buffer.alloc(200_000)],
      ['user.ok', bytes('ok')],
    ]);
    await send({ stat: stat('f', { xattrs }) }, { stat: stat('l', { mode: LINK, linkname: outside, xattrs }) });
    expect(xattrsOf(join(on.out, 'f'))).toEqual({ 'user.ok': 'ok' });
    expect(xattrsOf(outside)).toEqual({});
  });

  test.runIf(root)('set by root, a capability arrives; what kernels keep for themselves does not', async () => {
    const xattrs = new Map([
      ['security.capability', CAPABILITY],
      ['security.ima', bytes('x')],
      ['trusted.overlay.redirect', bytes('/etc')],
      ['user.x', bytes('x')],
    ]);
    await send({ stat: stat('f', { mode: 0o755, size: 1n, xattrs }), content: bytes('x') });
    expect(xattrsOf(join(on.out, 'f'))).toEqual({
      'security.capability': CAPABILITY.toString('latin1'),
      'user.x': 'x',
    });
  });

  test.runIf(root)('they go with a file to another file system within the destination', async () => {
    const inner = join(on.out, 'mount');
    mkdirSync(inner, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'xattrs', inner]);
    try {
      // tmpfs takes attributes of users since Linux 6.6, capabilities always.
      const xattrs = new Map([['security.capability', CAPABILITY]]);
      await send(
        { stat: stat('mount', { mode: DIRECTORY }) },
        { stat: stat('mount/f', { mode: 0o755, size: 1n, xattrs }), content: bytes('x') },
      );
      expect(xattrsOf(join(inner, 'f'))).toEqual({ 'security.capability': CAPABILITY.toString('latin1') });
      expect(readdirSync(inner)).toEqual(['f']);
    } finally {
      execFileSync('umount', [inner]);
    }
  });
});
