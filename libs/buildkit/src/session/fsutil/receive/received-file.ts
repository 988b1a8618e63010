import { closeSync, constants, fchmodSync, futimesSync, openSync, writeSync } from 'node:fs';
import { creationError, printable, systemError, TransferError } from '../../transfer-error.js';
import type { AnnouncedFile } from '../file-table.js';
import { systemPath } from '../path-text.js';
import { unixPermissions } from '../wire/go-mode.js';
import type { XattrCalls } from '../xattr/xattr-calls.js';
import { NO_XATTRS, setXattrs, type Xattr } from '../xattr/xattrs.js';
import { fileTime } from './file-time.js';

/** Always a new file: nothing that exists is opened, and no link followed. */
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** Where a transfer writes, and what errors call it. */
export interface ReceivingPlace {
  readonly folder: string;
  readonly destination: string;
  /** Sets extended attributes, where that is possible. */
  readonly xattrs: XattrCalls | undefined;
}

/** A regular file whose content is arriving. It is written as it comes. */
export class ReceivedFile {
  readonly #place: ReceivingPlace;
  readonly #file: AnnouncedFile;
  readonly #xattrs: readonly Xattr[];
  #bytes = 0;
  #fd: number | undefined;

  constructor(place: ReceivingPlace, file: AnnouncedFile, xattrs: readonly Xattr[] = NO_XATTRS) {
    this.#place = place;
    this.#file = file;
    this.#xattrs = xattrs;
  }

  /** Writes what comes next. @throws TransferError */
  append(data: Buffer): void {
    this.#bytes += data.length;
    if (this.#bytes > this.#file.size) throw this.#wrongSize();
    const fd = this.#opened();
    try {
      for (let done = 0; done < data.length; ) done += writeSync(fd, data, done, data.length - done);
    } catch (error) {
      throw systemError(error, 'write', this.#named);
    }
  }

  /** Completes the file. @throws TransferError */
  finish(): void {
    // An engine that can't read a file ends it early, or doesn't begin, without a word.
    if (this.#bytes !== this.#file.size) throw this.#wrongSize();
    const fd = this.#opened();
    try {
      setXattrs(this.#place.xattrs, this.#path, this.#xattrs);
      fchmodSync(fd, unixPermissions(this.#file.mode));
      const time = fileTime(this.#file.modTime);
      futimesSync(fd, time, time);
      // Network file systems tell late errors when a file is closed.
      this.abandon();
    } catch (error) {
      throw systemError(error, 'write', this.#named);
    }
  }

  /** Closes it as it is. */
  abandon(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  get #named(): string {
    return `${this.#place.destination}/${this.#file.path}`;
  }

  get #path(): string {
    return `${this.#place.folder}/${this.#file.path}`;
  }

  #opened(): number {
    try {
      this.#fd ??= openSync(systemPath(this.#path), CREATE_FLAGS, 0o600);
      return this.#fd;
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
}
