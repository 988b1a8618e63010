import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setAttributeSync } from '@napi-rs/xattr';
import { expect, test } from 'vitest';
import { hasUserXattrs } from '../../../../tests/support/xattrs.js';
import { solve } from '../control/solve.js';
import { withSmallDisk } from './fixtures/small-disk.js';
import { TransferOnEngine } from './fixtures/transfer-on-engine.js';

const on = new TransferOnEngine();

test.runIf(hasUserXattrs())('extended attributes are in a tar', async () => {
  writeFileSync(join(on.src, 'file'), '');
  setAttributeSync(join(on.src, 'file'), 'user.x', 'in the tar');
  on.session.addDirectory({ name: 'src', path: on.src });
  const tar = join(on.folder, 'out.tar');
  const target = on.session.addTarget({ exporterId: 0, kind: 'file', path: tar });
  await on.build(on.local(), { type: 'tar' });
  await target.commit();
  expect(readFileSync(tar, 'latin1')).toContain('SCHILY.xattr.user.x=in the tar\n');
});

test('an output to a place that is a file, or where nothing may be written', async () => {
  writeFileSync(on.out, 'a file');
  on.session.addDirectory({ name: 'src', path: on.src });
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  await expect(on.build(on.local(), { type: 'local' })).rejects.toThrow('it is not a directory');
  await expect(target.done).rejects.toMatchObject({ code: 'not-directory' });
  await target.discard();
  expect(readFileSync(on.out, 'utf8')).toBe('a file');
});

test('a full disk at the destination', async () => {
  writeFileSync(join(on.src, 'big'), Buffer.alloc(5_000_000));
  on.session.addDirectory({ name: 'src', path: on.src });
  await withSmallDisk(on.out, 'size=1m', async () => {
    const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
    await expect(on.build(on.local(), { type: 'local' })).rejects.toThrow('no space left');
    await expect(target.commit()).rejects.toMatchObject({ code: 'no-space' });
    expect(readdirSync(on.out)).toEqual([]);
  });
});

test('tar to a file and to a stream', async () => {
  writeFileSync(join(on.src, 'f'), 'in a tar');
  on.session.addDirectory({ name: 'src', path: on.src });
  const target = on.session.addTarget({ exporterId: 0, kind: 'file', path: on.out });
  await on.build(on.local(), { type: 'tar' });
  expect(existsSync(on.out)).toBe(false);
  await target.commit();
  expect(execFileSync('tar', ['-xOf', on.out, 'f']).toString()).toBe('in a tar');
  const sink = new PassThrough();
  const chunks: Buffer[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk));
  const streamed = on.session.addTarget({ exporterId: 0, kind: 'stream', sink });
  await on.build(on.local(), { type: 'tar' });
  await streamed.commit();
  expect(Buffer.concat(chunks).equals(readFileSync(on.out))).toBe(true);
});

test('a build that is cancelled amid the transfer leaves nothing', async () => {
  for (let i = 0; i < 20; i++) writeFileSync(join(on.src, `f${i}`), Buffer.alloc(5_000_000, String(i)));
  on.session.addDirectory({ name: 'src', path: on.src });
  const target = on.session.addTarget({ exporterId: 0, kind: 'directory', path: on.out });
  const controller = new AbortController();
  on.session.onTransfer(({ state, bytes }) => {
    if (state === 'running' && bytes > 0) controller.abort();
  });
  const { done } = solve(
    on.connection,
    { definition: on.local(), session: on.session.id, exporters: [{ type: 'local' }] },
    { progress: false, signal: controller.signal },
  );
  const ended = await done.then(
    () => 'done',
    () => 'cancelled',
  );
  await target.discard();
  expect(readdirSync(on.folder)).toEqual(['src']);
  expect(['done', 'cancelled']).toContain(ended);
});

test('closing the session ends the build', async () => {
  for (let i = 0; i < 20; i++) writeFileSync(join(on.src, `f${i}`), Buffer.alloc(5_000_000, String(i)));
  on.session.addDirectory({ name: 'src', path: on.src });
  on.session.onTransfer(({ state, direction }) => {
    if (state === 'running' && direction === 'send') void on.session.close();
  });
  const outcome = await on.build(on.local({ sharedKeyHint: 'closing' })).then(
    () => 'done',
    () => 'failed',
  );
  await on.session.close();
  expect(await on.session.closed).toBeUndefined();
  expect(outcome).toBe('failed');
});
