import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HostFacts, HostFileError } from '@hlb/facts';
import { parseDigest } from '@hlb/llb';
import { ModuleFileError, type ModuleText } from '../directory.js';
import { readHostFile } from '../host-directory.js';
import { digestFolders } from './digest.js';

/** Where vendored modules are, below the directory of the program. */
export const VENDOR_FOLDER = '.hlb/modules';

const MAIN_FILES: readonly string[] = ['module.hlb', 'build.hlb'];

/** A folder of vendored modules: `ALGORITHM/XX/HEX/FILE`, XX being the first two digits. */
export class VendorFolder {
  /** Absolute. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  exists(): Promise<boolean> {
    return isDirectory(this.path);
  }

  /** The directory of a module. */
  directoryOf(digest: string): string {
    return join(this.path, ...digestFolders(parseDigest(digest)));
  }

  /** A file of a module; `undefined` where there is no copy of it. */
  async read(digest: string, path: string, facts: Pick<HostFacts, 'moduleText'>): Promise<ModuleText | undefined> {
    try {
      return await readHostFile(join(this.directoryOf(digest), path), facts);
    } catch (error) {
      if (error instanceof ModuleFileError && error.cause instanceof HostFileError && error.cause.missing)
        return undefined;
      throw error;
    }
  }

  /** Whether there is a copy of a module's file. */
  has(digest: string, path: string): Promise<boolean> {
    return stat(join(this.directoryOf(digest), path)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /** Writes a file of a module, whole or not at all. */
  async write(digest: string, path: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.directoryOf(digest), path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = join(dirname(file), `.hlb-${randomBytes(6).toString('hex')}`);
    try {
      await writeFile(temporary, content, { flag: 'wx', mode: 0o600 });
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** The digests of all modules in it, in order. */
  async digests(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const algorithm of await directoriesIn(this.path)) {
      for (const start of await directoriesIn(join(this.path, algorithm))) {
        for (const hex of await directoriesIn(join(this.path, algorithm, start))) found.push(`${algorithm}:${hex}`);
      }
    }
    return found;
  }

  /** The file of a module that importers mean: the one of a file system, else that of a repository; `undefined` for others. */
  async mainFile(digest: string): Promise<string | undefined> {
    for (const name of MAIN_FILES) if (await this.has(digest, name)) return name;
    return undefined;
  }

  /** Removes a module, and the folder of its first digits when that is empty then. */
  async remove(digest: string): Promise<void> {
    const [algorithm, hex = ''] = digest.split(':');
    if (algorithm === undefined) return;
    const start = join(this.path, algorithm, hex.slice(0, 2));
    await rm(join(start, hex), { recursive: true, force: true });
    await rmdir(start).catch(() => undefined);
  }
}

async function directoriesIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
