import { close, closeSync, constants, fchmodSync, futimesSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { creationError, printable, systemError, TransferError } from '../../transfer-error.js';
import type { AnnouncedFile } from '../file-table.js';
import { systemPath } from '../path-text.js';
import { unixPermissions } from '../wire/go-mode.js';
import type { XattrCalls } from '../xattr/xattr-calls.js';
import { NO_XATTRS, setXattrs, setXattrsLater, type Xattr } from '../xattr/xattrs.js';
import { AppendWriter } from './append-writer.js';
import { fileTime } from './file-time.js';

/** Bytes that are kept until the end of a file: smaller files are written on the spot, which takes microseconds. */
const SMALL_FILE = 256 * 1024;

/** Always a new file: nothing that exists is opened, and no link followed. */
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** Bytes that a chunk costs beside its content: many tiny ones must not fill the memory. */
const CHUNK_COST = 512;

/** What all files of a transfer together may keep in memory until their end; beyond it they are written as they come. */
const KEPT_LIMIT = 16 * 1024 * 1024;

/** A file that took longer than this on the spot, in ms, makes those of the next two seconds go through the thread pool. */
const SLOW_FILE = 50;
const SLOW_TIME = 2000;

/** Where a transfer writes, what errors call it, and how that goes. */
export class ReceivingPlace {
  readonly folder: string;
  readonly destination: string;
  /** Sets extended attributes, where that is possible. */
  xattrs: XattrCalls | undefined;
  /** What files keep in memory, in bytes. */
  kept = 0;
  /** Until when the disk counts as slow, by `performance.now()`. */
  slowUntil = 0;

  constructor(folder: string, destination: string) {
    this.folder = folder;
    this.destination = destination;
  }
}

/** A regular file whose content is arriving. */
export class ReceivedFile {
  readonly #place: ReceivingPlace;
  readonly #file: AnnouncedFile;
  readonly #xattrs: readonly Xattr[];
  #bytes = 0;
  #chunks: Buffer[] = [];
  #kept = 0;
  #fd: number | undefined;
  #writer: AppendWriter | undefined;

  constructor(place: ReceivingPlace, file: AnnouncedFile, xattrs: readonly Xattr[] = NO_XATTRS) {
    this.#place = place;
    this.#file = file;
    this.#xattrs = xattrs;
  }

  get #named(): string {
    return `${this.#place.destination}/${this.#file.path}`;
  }

  get #path(): string {
    return `${this.#place.folder}/${this.#file.path}`;
  }

  /** Bytes that are not written yet. */
  get queued(): number {
    return this.#writer?.queued ?? 0;
  }

  append(data: Buffer): void {
    this.#bytes += data.length;
    if (this.#bytes > this.#file.size) throw this.#wrongSize();
    if (this.#writer) {
      this.#writer.append(data);
      return;
    }
    this.#chunks.push(data);
    const cost = data.length + CHUNK_COST;
    this.#kept += cost;
    this.#place.kept += cost;
    if (this.#bytes > SMALL_FILE || this.#place.kept > KEPT_LIMIT) this.#write();
  }

  async settled(below: number): Promise<void> {
    await this.#writer?.settled(below);
  }

  /** Completes the file: at once, or later, if a promise is returned. */
  finish(): Promise<void> | undefined {
    // An engine that can't read a file ends it early, or doesn't begin, without a word.
    if (this.#bytes !== this.#file.size) throw this.#wrongSize();
    if (this.#writer) return this.#finishLarge(this.#writer);
    const started = performance.now();
    if (started < this.#place.slowUntil) return this.#finishSlowly();
    const fd = this.#open();
    try {
      for (const chunk of this.#chunks) writeAll(fd, chunk);
      this.#setAttributes(fd);
    } catch (error) {
      throw systemError(error, 'write', this.#named);
    } finally {
      this.#release();
      this.#fd = undefined;
      closeSync(fd);
    }
    const now = performance.now();
    if (now - started > SLOW_FILE) this.#place.slowUntil = now + SLOW_TIME;
    return undefined;
  }

  /** Closes it as it is. */
  async abandon(): Promise<void> {
    this.#release();
    await this.#writer?.abandon();
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  /** Writes from now on as data comes. */
  #write(): AppendWriter {
    this.#writer = new AppendWriter(this.#open(), this.#named);
    for (const chunk of this.#chunks) this.#writer.append(chunk);
    this.#release();
    return this.#writer;
  }

  #release(): void {
    this.#place.kept -= this.#kept;
    this.#kept = 0;
    this.#chunks = [];
  }

  /** As `finish` does for a small file, but every call through the thread pool: a disk that stalls must not stall the event loop. */
  async #finishSlowly(): Promise<void> {
    const handle = await open(systemPath(this.#path), CREATE_FLAGS, 0o600).catch((error: unknown) =>
      Promise.reject(creationError(error, this.#named)),
    );
    try {
      for (const chunk of this.#chunks) {
        for (let done = 0; done < chunk.length; ) done += (await handle.write(chunk, done)).bytesWritten;
      }
      await setXattrsLater(this.#place.xattrs, this.#path, this.#xattrs);
      await handle.chmod(unixPermissions(this.#file.mode));
      const time = fileTime(this.#file.modTime);
      await handle.utimes(time, time);
    } catch (error) {
      throw systemError(error, 'write', this.#named);
    } finally {
      this.#release();
      await handle.close().catch((error: unknown) => Promise.reject(systemError(error, 'write', this.#named)));
    }
  }

  async #finishLarge(writer: AppendWriter): Promise<void> {
    try {
      await writer.end();
      const fd = this.#fd;
      if (fd === undefined) throw new TransferError('cancelled', this.#named, 'the transfer was given up');
      this.#fd = undefined;
      try {
        this.#setAttributes(fd);
      } finally {
        await closed(fd);
      }
    } catch (error) {
      await this.abandon();
      throw systemError(error, 'write', this.#named);
    }
  }

  #open(): number {
    try {
      const fd = openSync(systemPath(this.#path), CREATE_FLAGS, 0o600);
      this.#fd = fd;
      return fd;
    } catch (error) {
      throw creationError(error, this.#named);
    }
  }

  #wrongSize(): TransferError {
    return new TransferError(
      'incomplete',
      this.#named,
      `the engine announced ${this.#file.size} bytes of ${printable(this.#file.path)} and sent ${this.#bytes}`,
    );
  }

  #setAttributes(fd: number): void {
    setXattrs(this.#place.xattrs, this.#path, this.#xattrs);
    fchmodSync(fd, unixPermissions(this.#file.mode));
    const time = fileTime(this.#file.modTime);
    futimesSync(fd, time, time);
  }
}

function writeAll(fd: number, chunk: Buffer): void {
  for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done, chunk.length - done);
}

/** Network file systems tell late errors here. */
function closed(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    close(fd, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
