import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vitest/config';
import { buildReceiveWorker } from '../../apps/cli/build-workers.js';

const root = join(import.meta.dirname, '../..');
const FILE_OF_WORKER = '/libs/buildkit/src/session/file-send/thread/worker-file.ts';

/**
 * Builds the thread that receives directories when a test first needs it: threads can't run sources in TypeScript, and without its
 * module the work would be done where the session is, which is not what users have.
 */
export function receiveWorker(): Plugin {
  let built: Promise<string> | undefined;
  return {
    name: 'receive-worker',
    async transform(code, id) {
      if (!id.endsWith(FILE_OF_WORKER)) return undefined;
      built ??= build();
      return code.replaceAll('import.meta.url', JSON.stringify(await built));
    },
  };
}

/** Within the repository, from where packages are found as from the sources. */
async function build(): Promise<string> {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'receive-worker-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755); // some tests have no rights for a while
  await buildReceiveWorker(folder);
  return pathToFileURL(`${folder}/`).href;
}
