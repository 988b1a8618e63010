import { mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { sendEntries } from '../../fixtures/fake-transfer.js';
import { outputsForEachTest } from '../../fixtures/outputs.js';
import { file } from '../../fixtures/sent-entries.js';
import { tickingClock } from '../../fixtures/ticking-clock.js';

// In a bundle without the module of the thread, the same work is done where the session is: what is tested with a thread, again without.
vi.mock('./worker-file.js', () => ({ workerFile: () => undefined }));

describe('directories', async () => {
  await import('../directory-target.test.js');
});
describe('destinations', async () => {
  await import('../destinations.test.js');
});
describe('refused entries', async () => {
  await import('../refused-entries.test.js');
});
describe('odd trees', async () => {
  await import('../../odd-trees.test.js');
});

describe('the event loop', () => {
  const place = outputsForEachTest();
  const FILES = 1500;

  /** How many times health is answered until the work is done, each asked for after the one before. */
  async function answersUntil(work: Promise<unknown>, count: () => boolean): Promise<number> {
    let answers = 0;
    let over = false;
    const ended = work.finally(() => {
      over = true;
    });
    while (!over) {
      await place.engine.unary('/grpc.health.v1.Health/Check', new Uint8Array());
      if (!over && count()) answers += 1;
    }
    await ended;
    return answers;
  }

  test('answers health between the slices in which files are received, and put in place', async () => {
    tickingClock();
    mkdirSync(place.out);
    const target = place.session.addTarget({ exporterId: 0, kind: 'directory', path: place.out });
    const entries = Array.from({ length: FILES }, (_, i) => file(`f${10_000 + i}`, 'x'));
    const amid = (): boolean => {
      const { files } = place.events.at(-1) ?? { files: 0 };
      return files > 0 && files < FILES;
    };
    // A slice has room for a few files, and an answer takes a few turns of the loop.
    expect(await answersUntil(sendEntries(place.engine, 0, entries), amid)).toBeGreaterThan(10);
    expect(await answersUntil(target.commit(), () => true)).toBeGreaterThan(10);
    expect(readdirSync(place.out)).toHaveLength(FILES);
  });
});
