import { besideBundle } from '../../beside-bundle.js';
import type { Io } from '../../process/io.js';

/** Modules that run in a thread of their own. The build puts them beside the bundle. */
export type WorkerName = 'config-worker' | 'pass-worker';

/** Where the module of a worker lies. */
export function workerFile(io: Io, name: WorkerName): Promise<URL> {
  return besideBundle(io, `${name}.mjs`);
}
