import { close, closeSync, constants, fchmodSync, futimesSync, openSync, writeSync } from 'node:fs';
import { creationError, printable, systemError, TransferError } from '../../transfer-error.js';
import { systemPath } from '../path-text.js';
import { unixPermissions } from '../wire/go-mode.js';
import type { Stat } from '../wire/packet.js';
import { AppendWriter } from './append-writer.js';
import { fileTime } from './file-time.js';

/** Bytes that are kept until the end of a file: smaller files are written on the spot, which takes microseconds. */
const SMALL_FILE = 256 * 1024;

/** Always a new file: nothing that exists is opened, and no link followed. */
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** Where a transfer writes, and what errors call it. */
export interface ReceivingPlace {
  readonly folder: string;
  readonly destination: string;
}

/**
 * A regular file whose content is arriving. There may be hundreds of thousands that wait for theirs, so one holds nothing that it
 * doesn't need yet.
 */
export class ReceivedFile {
  readonly #place: ReceivingPlace;
  readonly #stat: Stat;
  #bytes = 0;
  #kept: Buffer[] | undefined;
  #fd: number | undefined;
  #writer: AppendWriter | undefined;

  constructor(place: ReceivingPlace, stat: Stat) {
    this.#place = place;
    this.#stat = stat;
  }

  get #named(): string {
    return `${this.#place.destination}/${this.#stat.path}`;
  }

  /** Bytes that are not written yet. */
  get queued(): number {
    return this.#writer?.queued ?? 0;
  }

  append(data: Buffer): void {
    this.#bytes += data.length;
    if (BigInt(this.#bytes) > this.#stat.size) throw this.#wrongSize();
    if (this.#writer) {
      this.#writer.append(data);
      return;
    }
    this.#kept ??= [];
    this.#kept.push(data);
    if (this.#bytes <= SMALL_FILE) return;
    this.#writer = new AppendWriter(this.#open(), this.#named);
    for (const chunk of this.#kept) this.#writer.append(chunk);
    this.#kept = undefined;
  }

  async settled(below: number): Promise<void> {
    await this.#writer?.settled(below);
  }

  /** Completes the file: at once, or later, if a promise is returned. */
  finish(): Promise<void> | undefined {
    // An engine that can't read a file ends it early, or doesn't begin, without a word.
    if (BigInt(this.#bytes) !== this.#stat.size) throw this.#wrongSize();
    if (this.#writer) return this.#finishLarge(this.#writer);
    const fd = this.#open();
    try {
      for (const chunk of this.#kept ?? []) writeAll(fd, chunk);
      this.#setAttributes(fd);
    } catch (error) {
      throw systemError(error, 'write', this.#named);
    } finally {
      this.#fd = undefined;
      closeSync(fd);
    }
    return undefined;
  }

  /** Closes it as it is. */
  async abandon(): Promise<void> {
    await this.#writer?.abandon();
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
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
      const fd = openSync(systemPath(`${this.#place.folder}/${this.#stat.path}`), CREATE_FLAGS, 0o600);
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
      `the engine announced ${this.#stat.size} bytes of ${printable(this.#stat.path)} and sent ${this.#bytes}`,
    );
  }

  #setAttributes(fd: number): void {
    fchmodSync(fd, unixPermissions(this.#stat.mode));
    const time = fileTime(this.#stat.modTime);
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
