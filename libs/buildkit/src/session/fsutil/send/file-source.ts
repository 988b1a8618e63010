import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync, readv } from 'node:fs';
import { errnoOf, printable, systemError, TransferError } from '../../transfer-error.js';
import type { AnnouncedFile } from '../file-table.js';
import { systemPath } from '../path-text.js';

/** Not through a link, and without waiting for the other end should the path have become a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What Linux and macOS say of a socket that has taken the place of a file. */
const IS_SOCKET: ReadonlySet<string> = new Set(['ENXIO', 'EOPNOTSUPP', 'ENOTSUP']);

/**
 * A file that is being sent. The engine keeps what arrives under the size and time that were announced, so content which doesn't belong
 * to them would stay wrong in its cache: anything but exactly the announced file is an error that names it.
 */
export class FileSource {
  readonly path: string;
  readonly #file: AnnouncedFile;
  readonly #fd: number;
  #open = true;

  /** @throws TransferError */
  constructor(root: string, file: AnnouncedFile) {
    this.path = `${root}/${file.path}`;
    this.#file = file;
    try {
      this.#fd = openSync(systemPath(this.path), OPEN_FLAGS);
    } catch (error) {
      throw IS_SOCKET.has(errnoOf(error) ?? '') ? this.changed() : systemError(error, 'read', this.path);
    }
  }

  /** Reads at an offset; fewer bytes than asked for mean the end of the file. */
  readSync(buffer: Buffer, offset: number, length: number, position: number): number {
    let done = 0;
    try {
      while (done < length) {
        const bytes = readSync(this.#fd, buffer, offset + done, length - done, position + done);
        if (bytes === 0) break;
        done += bytes;
      }
    } catch (error) {
      throw this.#readError(error);
    }
    return done;
  }

  /** Fills buffers one after the other through the thread pool; fewer bytes than they hold mean the end of the file. */
  async readInto(buffers: readonly Buffer[], position: number): Promise<number> {
    let done = 0;
    let rest = buffers;
    while (rest.length > 0) {
      const bytes = await this.#readOnce(rest, position + done);
      if (bytes === 0) break;
      done += bytes;
      rest = without(rest, bytes);
    }
    return done;
  }

  /**
   * Makes sure that the file is still the one that was announced. Returns true if it has grown, as a log does, of which the beginning is
   * what there was then. That it was not written over besides can't be seen, so that who sends it must tell of it. One that has taken its
   * place by a rename is another file, however long.
   *
   * @throws TransferError of code `changed`
   */
  verify(): boolean {
    let stats: BigIntStats;
    try {
      stats = fstatSync(this.#fd, { bigint: true });
    } catch (error) {
      throw systemError(error, 'read', this.path);
    }
    const size = BigInt(this.#file.size);
    if (stats.isFile()) {
      if (stats.size === size && stats.mtimeNs === this.#file.modTime) return false;
      const { inode = Number(stats.ino) } = this.#file;
      if (stats.size > size && Number(stats.ino) === inode) return true;
    }
    throw this.changed();
  }

  changed(): TransferError {
    return new TransferError('changed', this.path, `${printable(this.path)} changed while it was being sent`, {
      help: 'Start again when nothing writes to it, or leave it out by an exclude pattern.',
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }

  /** A directory or pipe that has taken the file's place fails in ways of its own. */
  #readError(error: unknown): TransferError {
    return fstatSync(this.#fd).isFile() ? systemError(error, 'read', this.path) : this.changed();
  }

  #readOnce(buffers: readonly Buffer[], position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      readv(this.#fd, buffers, position, (error, bytes) => {
        if (error) reject(this.#readError(error));
        else resolve(bytes);
      });
    });
  }
}

/** What is left to be filled of `buffers` after `bytes`. */
function without(buffers: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skip = bytes;
  const rest: Buffer[] = [];
  for (const buffer of buffers) {
    if (skip < buffer.length) rest.push(skip === 0 ? buffer : buffer.subarray(skip));
    skip = Math.max(0, skip - buffer.length);
  }
  return rest;
}
