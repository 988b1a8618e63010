import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { tellFailure } from '../fsutil/wire/tell-failure.js';
import type { ServerCall } from '../grpc/call.js';
import { errnoOf, printable, systemError, TransferError } from '../transfer-error.js';
import type { TransferProgress } from '../transfers.js';
import { exclusively } from './exclusive.js';
import { type Destination, forget, prepareDestination, remember, removeMade } from './staging.js';
import type { TargetReceiver } from './target.js';
import { temporaryName } from './temporary-name.js';
import { TreeWork } from './thread/tree-work.js';

/**
 * A directory. Each stream is received as a whole into a temporary folder on the same file system, and moved into place when committed:
 * by one rename if there is nothing at the destination yet, else entry by entry, each whole. Nothing at the destination changes before.
 * All of this is done by a thread (docs/decisions/0015).
 */
export class DirectoryTarget implements TargetReceiver {
  readonly name: string;
  readonly tellsFailure = true;
  readonly #path: string;
  readonly #mirror: boolean;
  #work: TreeWork | undefined;
  #destination: Destination | undefined;
  #staging: string | undefined;
  #streams = 0;
  #received = 0;
  #preparing: Promise<void> | undefined;

  constructor(path: string, mirror: boolean) {
    this.name = path;
    this.#path = resolve(path);
    this.#mirror = mirror;
  }

  prepare(): Promise<void> {
    this.#preparing ??= this.#prepare();
    return this.#preparing;
  }

  async #prepare(): Promise<void> {
    const destination = await prepareDestination(this.#path, 0o700);
    this.#destination = destination;
    if (destination.existing && !destination.existing.isDirectory()) {
      throw new TransferError(
        'not-directory',
        this.#path,
        `cannot write to ${printable(this.#path)}: it is not a directory`,
        {
          help: 'Name another directory, or remove what is there.',
        },
      );
    }
    // Starts while the directory is made, and is there when the engine sends.
    this.#work = new TreeWork(this.#path);
    this.#staging = await makeStaging(destination, this.#path);
  }

  async receive(call: ServerCall, progress: TransferProgress): Promise<void> {
    const { folder, work } = await this.#newFolder().catch((error: unknown) => {
      tellFailure(call, error);
      throw error;
    });
    await work.receive(call, folder, this.#path, progress);
    this.#received += 1;
  }

  /** Where the next stream goes. */
  async #newFolder(): Promise<{ readonly folder: string; readonly work: TreeWork }> {
    await this.prepare();
    const staging = this.#staging;
    const work = this.#work;
    if (staging === undefined || work === undefined)
      throw new TransferError('discarded', this.#path, 'the output was given up');
    this.#streams += 1;
    const folder = join(staging, String(this.#streams));
    try {
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      throw systemError(error, 'create', folder);
    }
    return { folder, work };
  }

  async commit(): Promise<void> {
    const destination = this.#destination;
    const work = this.#work;
    if (!destination || !work || this.#received === 0) {
      throw new TransferError('incomplete', this.#path, `the engine sent nothing for ${printable(this.#path)}`);
    }
    // Two builds that write to one directory at the same time must not be mixed there.
    await exclusively(destination.path, () => work.merge(destination.path, this.#path, this.#mirror));
    await this.#removeStaging(work);
  }

  async discard(): Promise<void> {
    await this.#preparing?.catch(() => undefined);
    if (this.#work) await this.#removeStaging(this.#work);
    if (this.#destination) await removeMade(this.#destination);
  }

  /** The last that is done. */
  async #removeStaging(work: TreeWork): Promise<void> {
    const staging = this.#staging;
    try {
      if (staging === undefined) return;
      await work.remove(staging);
      this.#staging = undefined;
      forget(staging);
    } finally {
      this.#work = undefined;
      await work.close();
    }
  }
}

/**
 * Beside the destination, so that it never shows what isn't complete; within it where its neighbours are on another file system (a mount)
 * or must not be written.
 */
async function makeStaging(destination: Destination, path: string): Promise<string> {
  const name = temporaryName(destination.path);
  const parent = dirname(destination.path);
  try {
    if (!destination.existing || (await stat(parent)).dev === destination.existing.dev) {
      return await makeRemembered(join(parent, name));
    }
  } catch (error) {
    const errno = errnoOf(error);
    const elsewhere = errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS';
    if (!destination.existing || !elsewhere) throw systemError(error, 'write', path);
  }
  try {
    return await makeRemembered(join(destination.path, name));
  } catch (error) {
    throw systemError(error, 'write', path);
  }
}

/** Remembers a directory before it is there: the process may end meanwhile. */
async function makeRemembered(path: string): Promise<string> {
  remember(path);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    forget(path);
    throw error;
  }
  return path;
}
