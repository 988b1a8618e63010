import { access, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFullError, EngineError, folderError } from '../engine-error.js';
import { lockFile, tryLockFile } from '../host/lock.js';
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
  /** What fetching and unpacking takes at most, in bytes: lists, downloads and files together. Default: 150 MB. */
  readonly space?: number;
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
  const work = join(request.packages, 'apt', suite);
  const partial = `${root}.partial`;
  try {
    if (await isUnpacked(root)) return root;
    const distribution = await readDistribution();
    await rm(partial, { recursive: true, force: true });
    await checkSpace(request);
    await fetchPackages(request, partial, { distribution, suite, work, signal, onProgress });
    await request.finish?.(partial, root);
    await writeFile(join(partial, marker), '');
    await rm(root, { recursive: true, force: true });
    await rename(partial, root);
    return root;
  } catch (error) {
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    throw folderError(error, request.packages);
  } finally {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    await lock.release();
  }
}

/** apt hangs when the disk fills up while it reads a list, so there must be room before it starts. */
async function checkSpace({ packages, names, space = 150e6 }: RootRequest): Promise<void> {
  const { bavail, bsize } = await statfs(packages);
  if (bavail * bsize >= space) return;
  const [left, needed] = [bavail * bsize, space].map((bytes) => Math.floor(bytes / 1e6));
  throw diskFullError(packages, undefined, `${left} MB are left, and ${names.join(', ')} need ${needed} MB`);
}

/** Deletes what apt has read for the fetches of one start (some 20 MB), unless another process is fetching. */
export async function forgetPackageLists(packages: string): Promise<void> {
  const lists = join(packages, 'apt');
  if (
    !(await access(lists).then(
      () => true,
      () => false,
    ))
  )
    return;
  const lock = await tryLockFile(join(packages, 'lock'));
  if (!lock) return;
  await rm(lists, { recursive: true, force: true });
  await lock.release();
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
