import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, folderError } from '../engine-error.js';
import { lockFile } from '../host/lock.js';
import { fetchPackages, type PackageChoice } from './apt.js';
import { readDistribution } from './distribution.js';
import { defaultSuite, systemSuite } from './suite.js';

/** Where a set of packages is unpacked, and from which suite. */
export interface RootRequest extends PackageChoice {
  /** The folder that holds all roots. */
  readonly packages: string;
  /** The root's name, without its suite. */
  readonly name: string;
  /** `system` stands for the suite of this system, whose C library surely fits. Default: `defaultSuite`. */
  readonly suite?: string | 'system' | undefined;
  /** Completes what was unpacked into the folder `unpacked`, before it becomes `root`. */
  readonly finish?: (unpacked: string, root: string) => Promise<void>;
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
  if (await isUnpacked(root)) return root;
  const { signal, onProgress } = request;
  const lock = await lockFile(join(request.packages, 'lock'), {
    signal,
    onWait: () => onProgress?.('waiting for another process that fetches packages'),
  });
  const work = join(request.packages, 'apt');
  const partial = `${root}.partial`;
  try {
    if (await isUnpacked(root)) return root;
    const distribution = await readDistribution();
    await rm(partial, { recursive: true, force: true });
    await mkdir(request.packages, { recursive: true });
    await fetchPackages(request, partial, { distribution, suite, work, signal, onProgress });
    await request.finish?.(partial, root);
    await writeFile(join(partial, marker), '');
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

/** Names a folder as wholly unpacked. */
const marker = 'unpacked';

async function isUnpacked(root: string): Promise<boolean> {
  return access(join(root, marker)).then(
    () => true,
    () => false,
  );
}

/** The suite that a request means. */
export async function resolveSuite(suite: string | undefined): Promise<string> {
  if (suite !== undefined && suite !== '' && suite !== 'system') {
    if (/^[a-z][a-z0-9-]*$/.test(suite)) return suite;
    throw new EngineError('bad-option', `"${suite}" is not the name of a suite.`, 'Name one like trixie or noble.');
  }
  const distribution = await readDistribution();
  return suite === 'system' ? systemSuite(distribution) : defaultSuite(distribution);
}
