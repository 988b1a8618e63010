import { readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, folderError } from './engine-error.js';
import { makeFolder } from './host/folder.js';
import type { EngineLayout } from './layout.js';

/**
 * Marks a folder whose content can be made again, so that backups leave it out (Cache Directory Tagging Specification).
 * Here it also says that the folder is an engine's own, and may be deleted.
 */
const tagName = 'CACHEDIR.TAG';
const tag =
  'Signature: 8a477f597d28d172789f06886806bc55\n# The managed engine of hlb: `hlb engine purge` deletes it.\n';

/** What an engine makes in its folder. */
const own = [tagName, 'lock', 'packages', 'data', 'run'];
/** What may be there before it, without being a stranger's: the registry and the leases of the tests' engine. */
const companions = ['registry', 'leases'];

/** Makes the engine's folder, or takes one that is empty or an engine's already. Throws `bad-folder` for any other. */
export async function claimFolder(layout: EngineLayout): Promise<void> {
  await makeFolder(layout.dir);
  try {
    await checkOwnership(layout);
    await writeFile(join(layout.dir, tagName), tag);
  } catch (error) {
    throw folderError(error, layout.dir);
  }
}

/** Deletes the engine's own files, and its folder when nothing else is in it. Throws `bad-folder` when it isn't an engine's. */
export async function deleteFolder(layout: EngineLayout): Promise<void> {
  try {
    await checkOwnership(layout);
    await rm(layout.run, { recursive: true, force: true });
    // The lock goes last: until then it keeps others out.
    for (const name of ['data', 'packages', tagName, 'lock'])
      await rm(join(layout.dir, name), { recursive: true, force: true, maxRetries: 3 });
    await rmdir(layout.dir).catch(() => undefined);
  } catch (error) {
    throw folderError(error, layout.dir);
  }
}

/** Somebody may have set HLB_ENGINE_DIR to a folder with other things in it, and purge deletes much. */
async function checkOwnership({ dir }: EngineLayout): Promise<void> {
  const text = await readFile(join(dir, tagName), 'utf8').catch(() => '');
  if (text === tag) return;
  const stranger = (await readdir(dir)).find((name) => !own.includes(name) && !companions.includes(name));
  if (stranger === undefined) return;
  throw new EngineError(
    'bad-folder',
    `The folder ${dir} holds other things than an engine (${stranger}, for one).`,
    'Set HLB_ENGINE_DIR to a folder of its own.',
  );
}
