import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { type HostFacts, HostFileError, hostPath } from '@hlb/facts';
import { type ModuleDirectory, ModuleFileError, type ModuleText } from './directory.js';
import { decoded } from './uri.js';

/** Whom the files of this host are asked of. */
export type HostFiles = Pick<HostFacts, 'cwd' | 'home' | 'path' | 'moduleText'>;

/** The files of this host. Paths are relative to the current directory where they lie below it, else absolute. */
export function hostDirectory(facts: HostFiles): ModuleDirectory {
  const exists = async (path: string): Promise<boolean> => (await facts.path(path)).kind !== 'missing';
  return {
    remote: false,
    digest: undefined,
    async resolve(from, path) {
      const [cwd, home] = await Promise.all([facts.cwd(), facts.home()]);
      const base = from === '' ? '.' : dirname(from);
      const absolute = hostPath(path, { base, cwd, home });
      if (absolute === undefined) throw new ModuleFileError('the home directory of another user has no meaning here');
      const plain = shown(cwd, absolute);
      // Texts were URLs once: one that names no file may do so when it is read as such.
      const unescaped = path.includes('%') ? decoded(path) : undefined;
      if (unescaped === undefined || (await exists(absolute))) return plain;
      const other = hostPath(unescaped, { base, cwd, home });
      return other !== undefined && (await exists(other)) ? shown(cwd, other) : plain;
    },
    identity: async (path) => (await facts.path(resolve(await facts.cwd(), path))).realPath,
    nameOf: (path) => path,
    baseOf: (path) => dirname(path),
    read: async (path) => readHostFile(resolve(await facts.cwd(), path), facts),
  };
}

/**
 * The text of a file of this host.
 * @param path absolute
 * @throws ModuleFileError
 */
export async function readHostFile(path: string, facts: Pick<HostFacts, 'moduleText'>): Promise<ModuleText> {
  try {
    return { text: await facts.moduleText(path) };
  } catch (error) {
    if (error instanceof HostFileError) throw new ModuleFileError(error.message, { cause: error });
    throw error;
  }
}

function shown(cwd: string, absolute: string): string {
  const near = relative(cwd, absolute);
  return near === '' || near === '..' || near.startsWith('../') || isAbsolute(near) ? absolute : near;
}
