import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../contest.js';
import { transferContests } from './transfer.js';

const FILES = 20_000;
const FILES_IN_A_FOLDER = 100;

/** A context of many small files. */
export const smallFiles: Scenario = {
  name: 'context-small-files',
  what: `a context of ${FILES} files of 100 to 2,000 bytes`,
  async prepare(bench) {
    const contests = await transferContests(bench, 'context-small-files', fill, 3);
    return { contests, dispose: async () => {} };
  },
};

async function fill(folder: string, seed: string): Promise<void> {
  for (let first = 0; first < FILES; first += FILES_IN_A_FOLDER) {
    const inner = join(folder, `folder-${first / FILES_IN_A_FOLDER}`);
    await mkdir(inner);
    await Promise.all(
      Array.from({ length: FILES_IN_A_FOLDER }, (_, index) => {
        const size = 100 + ((first + index) % 1900);
        return writeFile(join(inner, `file-${index}.txt`), `${seed} ${first + index} `.repeat(size).slice(0, size));
      }),
    );
  }
}
