import { readFile, stat } from 'node:fs/promises';
import { errorCode } from './host-files.js';

/** What a module may have at most; a file beyond it is surely none. Bytes. */
export const LARGEST_MODULE: number = 64 * 1024 * 1024;

/** A file of this host that can't be read; the message says why, without the file's name. */
export class HostFileError extends Error {
  override readonly name = 'HostFileError';
  /** Nothing stands at the path. */
  readonly missing: boolean;

  constructor(message: string, missing = false, options?: ErrorOptions) {
    super(message, options);
    this.missing = missing;
  }
}

/**
 * The text of a file of this host.
 * @param path absolute
 * @throws HostFileError
 */
export async function moduleText(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new HostFileError('it is a directory');
    if (!found.isFile()) throw new HostFileError('it is no regular file');
    if (found.size > LARGEST_MODULE) throw new HostFileError('it is larger than a module can be');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof HostFileError) throw error;
    const code = errorCode(error);
    const message = error instanceof Error ? error.message : String(error);
    throw new HostFileError(reasons[code] ?? message, code === 'ENOENT' || code === 'ENOTDIR', { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file: what stands before it is no directory',
  EACCES: 'reading it is not permitted',
  ELOOP: 'its links lead in a circle',
};
