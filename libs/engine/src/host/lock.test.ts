import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withResolvers } from './command.js';
import { lockFile, tryLockFile } from './lock.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hlb-lock-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true });
});

describe('a lock', () => {
  test('is held by one at a time, and by each who waits for it', async () => {
    const file = join(dir, 'deep/lock');
    let holders = 0;
    let waiting = 0;
    const allWait = withResolvers<void>();
    const most: number[] = [];
    const hold = async (): Promise<void> => {
      const onWait = (): void => {
        waiting++;
        if (waiting === 4) allWait.resolve();
      };
      const lock = await lockFile(file, { onWait });
      holders++;
      most.push(holders);
      await mkdtemp(join(dir, 'work-'));
      holders--;
      await lock.release();
    };
    const first = await lockFile(file);
    const all = [hold(), hold(), hold(), hold()];
    await allWait.promise;
    expect(await tryLockFile(file)).toBeUndefined();
    await first.release();
    await Promise.all(all);
    expect(most).toEqual([1, 1, 1, 1]);
  });

  test('may be shared, but not with one that wants it alone', async () => {
    const file = join(dir, 'lock');
    const shares = [await lockFile(file, { mode: 'shared' }), await lockFile(file, { mode: 'shared' })];
    expect(await tryLockFile(file)).toBeUndefined();
    for (const share of shares) await share.release();
    const alone = await tryLockFile(file);
    expect(alone).toBeDefined();
    await alone?.release();
  });

  test('on a file that was deleted meanwhile is taken on the new one', async () => {
    const file = join(dir, 'lock');
    const first = await lockFile(file);
    let second: Promise<{ release(): Promise<void> }> | undefined;
    await new Promise<void>((resolve) => {
      second = lockFile(file, { onWait: resolve });
    });
    await unlink(file);
    await first.release();
    const held = await second;
    expect(await tryLockFile(file)).toBeUndefined();
    await held?.release();
  });

  test('is given up for when the signal fires', async () => {
    const file = join(dir, 'lock');
    const first = await lockFile(file);
    const controller = new AbortController();
    const second = lockFile(file, { signal: controller.signal, onWait: () => controller.abort() });
    await expect(second).rejects.toMatchObject({ code: 'aborted' });
    await first.release();
  });

  test('in a folder that can not be made says so', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(lockFile(join(dir, 'file/below/lock'))).rejects.toMatchObject({
      code: 'bad-folder',
      help: expect.stringContaining('HLB_ENGINE_DIR'),
    });
  });
});
