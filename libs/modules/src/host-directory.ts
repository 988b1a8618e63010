import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { type HostFacts, hostPath } from '@hlb/facts';
import { LARGEST_MODULE, type ModuleDirectory, ModuleFileError, type ModuleText } from './directory.js';
import { decoded } from './uri.js';

/** The files of this host. Paths are relative to the current directory where they lie below it, else absolute. */
export function hostDirectory(facts: Pick<HostFacts, 'cwd' | 'home'>): ModuleDirectory {
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
    async identity(path) {
      const absolute = resolve(await facts.cwd(), path);
      return realpath(absolute).catch(() => absolute);
    },
    nameOf: (path) => path,
    baseOf: (path) => dirname(path),
    read: async (path) => readHostFile(resolve(await facts.cwd(), path)),
  };
}

/**
 * The text of a file of this host.
 * @param path absolute
 */
export async function readHostFile(path: string): Promise<ModuleText> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new ModuleFileError('it is a directory');
    if (!found.isFile()) throw new ModuleFileError('it is no regular file');
    if (found.size > LARGEST_MODULE) throw new ModuleFileError('it is larger than a module can be');
    return { text: await readFile(path, 'utf8') };
  } catch (error) {
    if (error instanceof ModuleFileError) throw error;
    throw new ModuleFileError(reasonOf(error), { cause: error });
  }
}

function shown(cwd: string, absolute: string): string {
  const near = relative(cwd, absolute);
  return near === '' || near === '..' || near.startsWith('../') || isAbsolute(near) ? absolute : near;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file: what stands before it is no directory',
  EACCES: 'reading it is not permitted',
  ELOOP: 'its links lead in a circle',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
