import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { folderError } from '../engine-error.js';
import { lockFile } from '../host/lock.js';
import { fetchPackages, type PackageChoice, unpackedPackages } from './apt.js';
import { defaultSuite, readDistribution } from './distribution.js';

/** Where a set of packages is unpacked, and from which suite. */
export interface RootRequest extends PackageChoice {
  /** The folder that holds all roots. */
  readonly packages: string;
  /** The root's name, without its suite. */
  readonly name: string;
  /** `system` stands for the suite of this system, whose C library surely fits. Default: `defaultSuite`. */
  readonly suite?: string | 'system' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/**
 * A folder with unpacked packages, fetched when it isn't there yet. It appears whole or not at all, and only one process
 * fetches it. Does no package work when it is there.
 */
export async function packageRoot(request: RootRequest): Promise<string> {
  const suite = await resolveSuite(request.suite);
  const root = join(request.packages, `${request.name}-${suite}`);
  if (await unpackedPackages(root)) return root;
  const { signal, onProgress } = request;
  const lock = await lockFile(join(request.packages, 'lock'), {
    signal,
    onWait: () => onProgress?.('waiting for another process that fetches packages'),
  });
  const work = join(request.packages, 'apt');
  const partial = `${root}.partial`;
  try {
    if (await unpackedPackages(root)) return root;
    const distribution = await readDistribution();
    await rm(partial, { recursive: true, force: true });
    await mkdir(request.packages, { recursive: true });
    await fetchPackages(request, partial, { distribution, suite, work, signal, onProgress });
    await rm(root, { recursive: true, force: true });
    await rename(partial, root);
    return root;
  } catch (error) {
    throw folderError(error, request.packages);
  } finally {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    await lock.release();
  }
}

/** The suite that a request means. */
export async function resolveSuite(suite: string | undefined): Promise<string> {
  if (suite !== undefined && suite !== '' && suite !== 'system') return suite;
  const distribution = await readDistribution();
  return suite === 'system' && distribution.codename !== '' ? distribution.codename : defaultSuite(distribution);
}
