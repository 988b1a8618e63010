import type { Io } from '../../io.js';

/** Modules that run in a thread of their own. The build puts them beside the bundle. */
export type WorkerName = 'config-worker' | 'pass-worker';

/** Where the module of a worker lies. */
export async function workerFile(io: Io, name: WorkerName): Promise<URL> {
  const folder = (await io.workers?.()) ?? new URL('.', import.meta.url);
  return new URL(`${name}.mjs`, folder);
}
