import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { receiveBytes } from '../grpc/bytes-message.js';
import type { ServerCall } from '../grpc/call.js';
import { printable, systemError, TransferError } from '../transfer-error.js';
import type { TransferProgress } from '../transfers.js';
import { AppendWriter } from './append-writer.js';
import { openPipe } from './pipe.js';
import { type Destination, forget, prepareDestination, remember, removeMade, removeTemporary } from './staging.js';
import { StreamTarget } from './stream-target.js';
import type { TargetReceiver } from './target.js';
import { temporaryName } from './temporary-name.js';

/** Bytes that may wait for the disk. */
const QUEUE_LIMIT = 8 * 1024 * 1024;

/**
 * One file (a tar, OCI or Docker archive), written under a temporary name beside its place and renamed to it when committed. What isn't a
 * regular file (a pipe, a device, `/dev/stdout`) can't be replaced, and is written to directly.
 */
export class FileTarget implements TargetReceiver {
  readonly name: string;
  readonly tellsFailure = false;
  readonly #path: string;
  #destination: Destination | undefined;
  #temporary: string | undefined;
  #handle: FileHandle | undefined;
  #pipe: StreamTarget | undefined;
  readonly #waiting = new AbortController();
  #received = false;
  #preparing: Promise<void> | undefined;

  constructor(path: string) {
    this.name = path;
    this.#path = resolve(path);
  }

  prepare(): Promise<void> {
    this.#preparing ??= this.#prepare();
    return this.#preparing;
  }

  async #prepare(): Promise<void> {
    const special = await specialFile(this.#path);
    if (special?.isFIFO()) {
      this.#pipe = new StreamTarget(await openPipe(this.#path, this.#waiting.signal));
      return;
    }
    try {
      // Without resolving it: `/dev/stdout` and its like lead to files that have no name.
      if (special) this.#handle = await open(this.#path, constants.O_WRONLY);
    } catch (error) {
      throw systemError(error, 'write', this.#path);
    }
    if (!special) await this.#prepareFile();
  }

  async #prepareFile(): Promise<void> {
    const destination = await prepareDestination(this.#path, 0o777);
    this.#destination = destination;
    const existing = destination.existing;
    if (existing?.isDirectory()) {
      throw new TransferError('is-directory', this.#path, `cannot write ${printable(this.#path)}: it is a directory`, {
        help: 'Name a file, or remove the directory.',
      });
    }
    try {
      const temporary = join(dirname(destination.path), temporaryName(destination.path));
      // Before it is there: the process may end meanwhile.
      remember(temporary);
      this.#temporary = temporary;
      this.#handle = await open(temporary, 'wx', 0o666);
      if (existing) await this.#handle.chmod(existing.mode & 0o7777);
    } catch (error) {
      throw systemError(error, 'write', this.#path);
    }
  }

  async receive(call: ServerCall, progress: TransferProgress): Promise<void> {
    await call.until(this.prepare());
    if (this.#pipe) return await this.#pipe.receive(call, progress);
    const handle = this.#handle;
    if (!handle || this.#received) {
      throw new TransferError('protocol', this.#path, `the engine sent ${printable(this.#path)} a second time`);
    }
    this.#received = true;
    progress.entries += 1;
    const writer = new AppendWriter(handle.fd, this.#path);
    try {
      await receiveBytes(call, (data) => {
        writer.append(data);
        progress.bytes += data.length;
        progress.tick();
        return writer.queued < QUEUE_LIMIT ? undefined : writer.settled(QUEUE_LIMIT / 2);
      });
      await writer.end();
    } finally {
      await writer.abandon();
    }
    progress.files += 1;
  }

  async commit(): Promise<void> {
    if (this.#pipe) return await this.#pipe.commit();
    if (!this.#received) {
      throw new TransferError('incomplete', this.#path, `the engine sent nothing for ${printable(this.#path)}`);
    }
    try {
      await this.#close();
      if (this.#temporary === undefined || !this.#destination) return;
      await rename(this.#temporary, this.#destination.path);
      forget(this.#temporary);
      this.#temporary = undefined;
    } catch (error) {
      throw systemError(error, 'write', this.#path);
    }
  }

  async discard(): Promise<void> {
    this.#waiting.abort();
    await this.#preparing?.catch(() => undefined);
    await this.#pipe?.discard();
    await this.#close().catch(() => undefined);
    if (this.#temporary !== undefined) await removeTemporary(this.#temporary);
    this.#temporary = undefined;
    if (this.#destination) await removeMade(this.#destination);
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

/** What is at a path, links followed, if it is there and neither a file nor a directory. */
async function specialFile(path: string): Promise<Stats | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats === undefined || stats.isFile() || stats.isDirectory() ? undefined : stats;
}
