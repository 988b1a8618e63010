import type { Scenario } from '../contest.js';
import { exportContests } from './export.js';

const FOLDERS = 200;
const FILES_IN_A_FOLDER = 100;

/** The export of many small files. */
export const exportSmallFiles: Scenario = {
  name: 'export-small-files',
  what: `${FOLDERS * FILES_IN_A_FOLDER} files of 100 to 2,000 bytes exported to a folder`,
  async prepare(bench) {
    const command =
      `i=0; while [ $i -lt ${FOLDERS} ]; do mkdir -p /tree/folder-$i; j=0; ` +
      `while [ $j -lt ${FILES_IN_A_FOLDER} ]; do ` +
      `head -c $((100 + (i * ${FILES_IN_A_FOLDER} + j) % 1900)) /dev/zero >/tree/folder-$i/file-$j.txt; ` +
      'j=$((j + 1)); done; i=$((i + 1)); done';
    return { contests: await exportContests(bench, 'export-small-files', command, 5), dispose: async () => {} };
  },
};
