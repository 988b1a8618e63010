import { constants } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppendWriter } from '../fsutil/receive/append-writer.js';
import { receiveBytes } from '../grpc/bytes-message.js';
import type { ServerCall } from '../grpc/call.js';
import { printable, systemError, TransferError } from '../transfer-error.js';
import type { TransferProgress } from '../transfers.js';
import {
  type Destination,
  forget,
  prepareDestination,
  remember,
  removeMade,
  removeTemporary,
  temporaryName,
} from './staging.js';
import type { TargetReceiver } from './target.js';

/** Bytes that may wait for the disk. */
const QUEUE_LIMIT = 8 * 1024 * 1024;

/**
 * One file (a tar, OCI or Docker archive), written under a temporary name beside its place and renamed to it when committed. What isn't a
 * regular file (a pipe, `/dev/stdout`) can't be replaced, and is written to directly.
 */
export class FileTarget implements TargetReceiver {
  readonly name: string;
  readonly #path: string;
  #destination: Destination | undefined;
  #temporary: string | undefined;
  #handle: FileHandle | undefined;
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
    const destination = await prepareDestination(this.#path, 0o777);
    this.#destination = destination;
    const existing = destination.existing;
    if (existing?.isDirectory()) {
      throw new TransferError('is-directory', this.#path, `cannot write ${printable(this.#path)}: it is a directory`, {
        help: 'Name a file, or remove the directory.',
      });
    }
    try {
      if (existing && !existing.isFile()) {
        this.#handle = await open(destination.path, constants.O_WRONLY);
        return;
      }
      const temporary = join(dirname(destination.path), temporaryName(destination.path));
      this.#handle = await open(temporary, 'wx', 0o666);
      this.#temporary = temporary;
      remember(temporary);
      if (existing) await this.#handle.chmod(existing.mode & 0o7777);
    } catch (error) {
      throw systemError(error, 'write', this.#path);
    }
  }

  async receive(call: ServerCall, progress: TransferProgress): Promise<void> {
    await this.prepare();
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
    await this.#preparing?.catch(() => undefined);
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
