import type { ServerCall } from '../../grpc/call.js';
import { GrpcError } from '../../grpc/grpc-error.js';
import { printable, TransferError } from '../../transfer-error.js';
import type { AnnouncedEntry, TransferProgress } from '../../transfers.js';
import { type AnnouncedFile, FileTable } from '../file-table.js';
import type { TreeFilter } from '../filter/tree-filter.js';
import { Pace } from '../pace.js';
import { Outbox } from '../wire/outbox.js';
import { CHUNK_BYTES, decodePacket, finPacket, PacketType } from '../wire/packet.js';
import { tellFailure } from '../wire/tell-failure.js';
import { xattrCalls } from '../xattr/xattr-calls.js';
import { XattrReader } from '../xattr/xattrs.js';
import { BlockPool, sendBlocks } from './blocks.js';
import { FileSource } from './file-source.js';
import { type TreeEntry, walkTree } from './walk.js';

/** Files up to this size, in bytes, are read on the spot: that takes microseconds, the thread pool tens of them. */
const SMALL_FILE = 128 * 1024;

/** Larger files that are read at a time. */
const LARGE_FILES = 4;

/**
 * Sends a tree: announces its entries in order, serves the content that the receiver asks for, and answers the receiver's FIN. Ends when
 * the transfer is complete; throws what broke it, after having told the receiver.
 *
 * @param announced told of each entry, in order
 */
export async function sendTree(
  call: ServerCall,
  root: string,
  filter: TreeFilter,
  progress: TransferProgress,
  announced?: (entry: AnnouncedEntry) => void,
): Promise<void> {
  const sender = new TreeSender(call, root, filter, progress, announced);
  await sender.run();
}

class TreeSender {
  readonly #call: ServerCall;
  readonly #root: string;
  readonly #filter: TreeFilter;
  readonly #progress: TransferProgress;
  readonly #announced: ((entry: AnnouncedEntry) => void) | undefined;
  readonly #outbox: Outbox;
  readonly #blocks = new BlockPool();
  readonly #files = new FileTable();
  readonly #sockets = new Set<number>();
  #requests: number[] = [];
  #served = 0;
  #requested = 0;
  #wakeServer: (() => void) | undefined;
  #largeRunning = 0;
  #finReceived = false;
  #stopped = false;
  #failure: unknown;
  /** The first entry whose name or target is no UTF-8. */
  #odd: string | undefined;

  constructor(
    call: ServerCall,
    root: string,
    filter: TreeFilter,
    progress: TransferProgress,
    announced: ((entry: AnnouncedEntry) => void) | undefined,
  ) {
    this.#call = call;
    this.#root = root;
    this.#filter = filter;
    this.#progress = progress;
    this.#announced = announced;
    this.#outbox = new Outbox(call);
  }

  async run(): Promise<void> {
    this.#call.signal.addEventListener('abort', () => this.#fail(this.#call.failure ?? new Stopped()), { once: true });
    const parts = [this.#walk(), this.#readRequests(), this.#serve()].map((part) =>
      part.catch((error: unknown) => this.#fail(error)),
    );
    await Promise.all(parts);
    if (this.#failure === undefined) {
      this.#outbox.flush();
      this.#call.send(finPacket());
      return;
    }
    if (this.#odd !== undefined && isEndedByReceiver(this.#failure)) {
      this.#progress.warn(
        `${printable(`${this.#root}/${this.#odd}`)} has a name or target that is not valid UTF-8, which newer engines refuse: leave it out by an exclude pattern`,
      );
    }
    tellFailure(this.#call, this.#failure);
    throw this.#failure;
  }

  async #walk(): Promise<void> {
    const sink = {
      entry: (entry: TreeEntry): void => {
        this.#announce(entry);
        this.#outbox.stat(entry.stat);
        if (!entry.stat.path.isWellFormed() || !entry.stat.linkname.isWellFormed()) this.#odd ??= entry.stat.path;
        this.#progress.entries += 1;
        this.#announced?.(entry.stat);
      },
      pressure: (): Promise<void> | undefined => {
        if (this.#stopped) throw new Stopped();
        return this.#call.room();
      },
      resting: (): void => {
        if (this.#stopped) throw new Stopped();
        this.#outbox.flush();
        this.#progress.tick();
      },
    };
    const calls = xattrCalls();
    const xattrs = calls && new XattrReader(calls, (message) => this.#progress.warn(message));
    await walkTree(this.#root, this.#filter, sink, new Pace(), xattrs);
    this.#outbox.endOfList();
    this.#outbox.flush();
  }

  #announce({ kind, directory, name, stat }: TreeEntry): void {
    // A socket travels as an empty file; it can't be opened.
    const id =
      (kind === 'file' || kind === 'socket') && stat.linkname === ''
        ? this.#files.add(directory, name, stat)
        : this.#files.skip();
    if (kind === 'socket') this.#sockets.add(id);
  }

  async #readRequests(): Promise<void> {
    const pace = new Pace();
    for (;;) {
      const messages = await this.#call.receive();
      if (!messages) {
        if (this.#stopped) return;
        throw new TransferError('incomplete', this.#root, 'the engine ended the transfer before it was complete');
      }
      for (const message of messages) {
        const packet = decodePacket(message);
        switch (packet.type) {
          case PacketType.REQ:
            this.#requested += 1;
            if (this.#requested > this.#progress.entries) throw this.#invalid(packet.id);
            this.#requests.push(packet.id);
            break;
          case PacketType.FIN:
            this.#finReceived = true;
            this.#wakeServer?.();
            return;
          case PacketType.ERR:
            throw new TransferError(
              'protocol',
              this.#root,
              `the engine could not take the files: ${packet.data.toString('utf8')}`,
            );
          default:
            throw new TransferError(
              'protocol',
              this.#root,
              `the engine sent a packet of type ${packet.type} to a sender`,
            );
        }
        if (pace.due()) {
          this.#wakeServer?.();
          await pace.rest();
          if (this.#stopped) return;
        }
      }
      this.#wakeServer?.();
    }
  }

  async #serve(): Promise<void> {
    const large = new Set<Promise<void>>();
    const pace = new Pace();
    try {
      while (!this.#stopped) {
        if (this.#served === this.#requests.length) {
          this.#requests = [];
          this.#served = 0;
          this.#outbox.flush();
          this.#progress.tick();
          if (this.#finReceived && large.size === 0) return;
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
            .catch((error: unknown) => this.#fail(error))
            .finally(() => {
              this.#largeRunning -= 1;
              large.delete(sending);
              this.#wakeServer?.();
            });
          large.add(sending);
        } else {
          this.#sendSmall(file);
        }
        const room = this.#call.room();
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
    if (!file) throw this.#invalid(id);
    return file;
  }

  #invalid(id: number): TransferError {
    return new TransferError('protocol', this.#root, `invalid file id ${id}: it is not a file, or was sent already`);
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
      await sendBlocks(this.#call, source, file, this.#blocks, (bytes) => {
        if (this.#stopped) throw new Stopped();
        this.#progress.bytes += bytes;
        this.#progress.tick();
      });
      if (this.#stopped) return;
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
      `${printable(source.path)} grew while it was being sent; the ${file.size} bytes that it had at first were sent`,
    );
  }

  async #wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wakeServer = resolve;
    });
    this.#wakeServer = undefined;
  }

  /** The first failure counts; it stops the other parts. */
  #fail(error: unknown): void {
    if (!(error instanceof Stopped)) this.#failure ??= error;
    this.#stopped = true;
    this.#call.stopReceiving();
    this.#blocks.stop();
    this.#wakeServer?.();
  }
}

/** Whether it was the other side that gave up, whatever its reason. */
function isEndedByReceiver(failure: unknown): boolean {
  return !(failure instanceof TransferError) || failure.code === 'incomplete' || failure.code === 'protocol';
}

/** Thrown within a part that another part's failure has ended. */
class Stopped extends GrpcError {
  constructor() {
    super('CANCELLED', 'stopped');
  }
}
