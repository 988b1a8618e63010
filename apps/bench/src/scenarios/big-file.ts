import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../contest.js';
import { transferContests } from './transfer.js';

const SIZE = 300_000_000;
const BLOCK = 1_000_000;

/** A context of one big file. */
export const bigFile: Scenario = {
  name: 'context-big-file',
  what: 'a context of one file of 300 MB that does not compress',
  async prepare(bench) {
    const contests = await transferContests(bench, 'context-big-file', fill, 5);
    return { contests, dispose: async () => {} };
  },
};

async function fill(folder: string): Promise<void> {
  const file = await open(join(folder, 'big.bin'), 'w');
  try {
    for (let at = 0; at < SIZE; at += BLOCK) await file.write(randomBytes(BLOCK));
  } finally {
    await file.close();
  }
}
