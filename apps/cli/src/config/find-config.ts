import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { usageError } from '../command-error.js';

/** The names that a configuration may have. */
const configNames = ['hlb.config.ts', 'hlb.config.js', 'hlb.config.mjs', 'hlb.config.json'] as const;

/**
 * The configuration that counts for programs in a folder: in it or the nearest folder above, up to the first with a `.git`.
 * Throws a `CommandError` where a folder has two.
 */
export function findConfig(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const [found, other] = configNames.map((name) => join(at, name)).filter(isFile);
    if (found !== undefined && other !== undefined) {
      throw usageError(`there are two configurations, ${found} and ${other}`, 'Keep one of them.');
    }
    if (found !== undefined) return found;
    if (at === dirname(at) || exists(join(at, '.git'))) return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
