import { posix } from 'node:path';
import type { HostFacts, StepFacts } from '@hlb/facts';
import { type ModuleDirectory, ModuleFileError, ModuleMissingError, type ModuleText } from './directory.js';
import type { VendorFolder } from './vendor/folder.js';

export interface RemoteDirectoryOptions {
  /** What it is called in the names of its files: `build.hlb#kit`. */
  readonly name: string;
  /** Names under which facts have it; the first tells directories apart. */
  readonly keys: readonly [string, ...string[]];
  /** Digests under which a copy may be vendored. */
  readonly digests: readonly string[];
  /** The digest of what was taken, of several that it may have; `undefined` where there is no choice, or none was made yet. */
  readonly current: () => string | undefined;
  /** As of `ModuleDirectory`. */
  readonly llb: () => Promise<readonly Uint8Array[] | undefined>;
  /** Where to look for copies, in order. */
  readonly folders: readonly VendorFolder[];
  readonly facts: Pick<StepFacts, 'moduleFile'> & Pick<HostFacts, 'moduleText'>;
  /** Where paths that its modules say lead: those of the program. */
  readonly base: string;
  /** A file's name as messages have it. */
  readonly shown: (absolute: string) => string;
}

/** What was built or fetched for an import, or a copy of it. No path leads out of it. */
export function remoteDirectory(options: RemoteDirectoryOptions): ModuleDirectory {
  const { name, keys, digests, current, llb, folders, facts, base, shown } = options;
  let copied: string | undefined;
  return {
    remote: true,
    get digest() {
      return copied ?? current() ?? digests[0];
    },
    async resolve(from, path) {
      if (path === '~' || path.startsWith('~/')) {
        throw new ModuleFileError('a module from elsewhere has no home directory');
      }
      // The root stands for the whole of it, and nothing is above a root.
      return posix.resolve('/', posix.dirname(from), path).slice(1);
    },
    identity: async (path) => `${keys[0]} ${path}`,
    nameOf: (path) => `${name}/${path}`,
    baseOf: () => base,
    llb,
    async read(path) {
      return (await vendored(path)) ?? (await known(path));
    },
  };

  async function vendored(path: string): Promise<ModuleText | undefined> {
    for (const folder of folders) {
      for (const each of digests) {
        const found = await folder.read(each, path, facts);
        if (found === undefined) continue;
        copied = each;
        return { ...found, name: shown(posix.join(folder.directoryOf(each), path)) };
      }
    }
    return undefined;
  }

  async function known(path: string): Promise<ModuleText> {
    for (const module of keys) {
      const text = await facts.moduleFile({ module, path });
      if (text !== undefined) return { text };
    }
    throw new ModuleMissingError(`${name} is not here`);
  }
}
