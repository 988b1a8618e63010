import type { ServerCall } from '../../grpc/call.js';
import { printable, TransferError } from '../../transfer-error.js';
import type { TransferProgress } from '../../transfers.js';
import type { AnnouncedFile, FileTable } from '../file-table.js';
import { Pace } from '../pace.js';
import type { Outbox } from '../wire/outbox.js';
import { CHUNK_BYTES } from '../wire/packet.js';
import { BlockPool, sendBlocks } from './blocks.js';
import { FileSource } from './file-source.js';
import { Stopped } from './stopped.js';

/** Files up to this size, in bytes, are read on the spot: that takes microseconds, the thread pool tens of them. */
const SMALL_FILE = 128 * 1024;

/** Larger files that are read at a time. */
const LARGE_FILES = 4;

/** What a server of files has in common with the rest of its transfer. */
export interface FileServerInit {
  readonly call: ServerCall;
  readonly root: string;
  /** The files that have been announced. */
  readonly files: FileTable;
  /** Those of them that are sockets: they travel as empty files, and can't be opened. */
  readonly sockets: ReadonlySet<number>;
  readonly outbox: Outbox;
  readonly progress: TransferProgress;
  /** Told of what breaks the transfer while other files are still being sent. */
  readonly failed: (error: unknown) => void;
}

/** Sends the content of announced files, in the order in which the receiver asks for it; large ones several at a time. */
export class FileServer {
  readonly #call: ServerCall;
  readonly #root: string;
  readonly #files: FileTable;
  readonly #sockets: ReadonlySet<number>;
  readonly #outbox: Outbox;
  readonly #progress: TransferProgress;
  readonly #failed: (error: unknown) => void;
  readonly #blocks = new BlockPool();
  #requests: number[] = [];
  #served = 0;
  #largeRunning = 0;
  #complete = false;
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor({ call, root, files, sockets, outbox, progress, failed }: FileServerInit) {
    this.#call = call;
    this.#root = root;
    this.#files = files;
    this.#sockets = sockets;
    this.#outbox = outbox;
    this.#progress = progress;
    this.#failed = failed;
  }

  /** Notes that a file is wanted; to be followed by {@link wake}, after several of them. */
  ask(id: number): void {
    this.#requests.push(id);
  }

  wake(): void {
    this.#wake?.();
  }

  /** Nothing more will be asked for: {@link serve} ends when all has been sent. */
  complete(): void {
    this.#complete = true;
    this.wake();
  }

  /** Ends it before that. */
  stop(): void {
    this.#stopped = true;
    this.#blocks.stop();
    this.#call.lookAgain();
    this.wake();
  }

  /** Sends what is asked for, until that is complete or it is stopped. Throws what breaks the transfer. */
  async serve(): Promise<void> {
    const large = new Set<Promise<void>>();
    const pace = new Pace();
    try {
      while (!this.#stopped) {
        if (this.#served === this.#requests.length) {
          this.#requests = [];
          this.#served = 0;
          this.#outbox.flush();
          this.#progress.tick();
          if (this.#complete && large.size === 0) return;
          await this.#wait();
          continue;
        }
        if (this.#largeRunning >= LARGE_FILES) {
          await this.#wait();
          continue;
        }
        const file = this.#take(this.#requests[this.#served++] ?? -1);
        if (file.size > SMALL_FILE) {
          this.#largeRunning += 1;
          const sending = this.#sendLarge(file)
            .catch((error: unknown) => this.#failed(error))
            .finally(() => {
              this.#largeRunning -= 1;
              large.delete(sending);
              this.wake();
            });
          large.add(sending);
        } else {
          this.#sendSmall(file);
        }
        const room = this.#call.room(() => this.#stopped);
        if (room) await room;
        if (pace.due()) {
          this.#outbox.flush();
          this.#progress.tick();
          await pace.rest();
        }
      }
    } finally {
      await Promise.all(large);
    }
  }

  #take(id: number): AnnouncedFile {
    const file = this.#files.take(id);
    if (!file) throw invalidId(this.#root, id);
    return file;
  }

  #sendSmall(file: AnnouncedFile): void {
    if (!this.#sockets.has(file.id)) {
      const source = new FileSource(this.#root, file);
      try {
        for (let sent = 0; sent < file.size; sent += CHUNK_BYTES) {
          const length = Math.min(CHUNK_BYTES, file.size - sent);
          const filled = this.#outbox.data(file.id, length, (buffer, offset) =>
            source.readSync(buffer, offset, length, sent),
          );
          if (filled < length) throw source.changed();
          this.#progress.bytes += length;
        }
        this.#verify(source, file);
      } finally {
        source.close();
      }
    }
    this.#outbox.endOfFile(file.id);
    this.#progress.files += 1;
  }

  async #sendLarge(file: AnnouncedFile): Promise<void> {
    const source = new FileSource(this.#root, file);
    try {
      source.verify();
      const whole = await sendBlocks(this.#call, source, file, this.#blocks, (bytes) => {
        if (this.#stopped) throw new Stopped();
        this.#progress.bytes += bytes;
        this.#progress.tick();
      });
      if (!whole || this.#stopped) return;
      this.#verify(source, file);
    } finally {
      source.close();
    }
    this.#outbox.endOfFile(file.id);
    this.#outbox.flush();
    this.#progress.files += 1;
  }

  #verify(source: FileSource, file: AnnouncedFile): void {
    if (!source.verify()) return;
    this.#progress.warn(
      `${printable(source.path)} grew while it was being sent; its first ${file.size} bytes were sent`,
    );
  }

  async #wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}

/** Of a number that the receiver can't ask for. */
export function invalidId(root: string, id: number): TransferError {
  return new TransferError('protocol', root, `invalid file id ${id}: it is not a file, or was sent already`);
}
