import type { Scenario } from '../contest.js';
import { exportContests } from './export.js';

/** The export of one big file. */
export const exportBigFile: Scenario = {
  name: 'export-big-file',
  what: 'one file of 300 MB exported to a folder',
  async prepare(bench) {
    const command = 'mkdir /tree && head -c 300000000 /dev/urandom >/tree/big.bin';
    return { contests: await exportContests(bench, 'export-big-file', command, 5), dispose: async () => {} };
  },
};
