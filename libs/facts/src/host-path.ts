import { isAbsolute, join, resolve } from 'node:path';

/** Where a path of a program starts from. */
export interface HostPathOrigin {
  /** The directory of the module that says so, relative to `cwd` or absolute. */
  readonly base: string;
  /** Absolute. */
  readonly cwd: string;
  /** The home directory, for `~`. */
  readonly home: string;
}

/**
 * The absolute path of the host that a program means: `~` and `~/x` are below the home directory, an absolute path stays, any
 * other starts from the module's directory. `undefined` for `~user`, which has no meaning.
 */
export function hostPath(path: string, { base, cwd, home }: HostPathOrigin): string | undefined {
  if (path === '~') return resolve(home);
  if (path.startsWith('~/')) return resolve(join(home, path.slice(2)));
  if (path.startsWith('~')) return undefined;
  return isAbsolute(path) ? resolve(path) : resolve(cwd, base, path);
}
