import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { folderError, systemCode } from '../engine-error.js';

/** Makes a folder and those above it, where they are missing. Throws the `EngineError` that says why it can't be. */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const options = mode === undefined ? {} : { mode };
  try {
    await mkdir(path, { recursive: true, ...options });
  } catch (error) {
    // Node says ENOENT of the whole path whatever the matter is with a folder above; asked for that one alone, it tells.
    const above = dirname(path);
    if (systemCode(error) !== 'ENOENT' || above === path) throw folderError(error, path);
    await makeFolder(above);
    await mkdir(path, options).catch((reason: unknown) => {
      throw folderError(reason, path);
    });
  }
}
