import type { ServerCall } from '../../grpc/call.js';
import { printable, TransferError } from '../../transfer-error.js';
import type { AnnouncedEntry, TransferProgress } from '../../transfers.js';
import { FileTable } from '../file-table.js';
import type { TreeFilter } from '../filter/tree-filter.js';
import { Pace } from '../pace.js';
import { Outbox } from '../wire/outbox.js';
import { decodePacket, finPacket, PacketType } from '../wire/packet.js';
import { tellFailure } from '../wire/tell-failure.js';
import { xattrCalls } from '../xattr/xattr-calls.js';
import { XattrReader } from '../xattr/xattrs.js';
import { FileServer, invalidId } from './file-server.js';
import { Stopped } from './stopped.js';
import { type TreeEntry, walkTree } from './walk.js';

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
  readonly #files = new FileTable();
  readonly #sockets = new Set<number>();
  readonly #server: FileServer;
  #requested = 0;
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
    this.#server = new FileServer({
      call,
      root,
      files: this.#files,
      sockets: this.#sockets,
      outbox: this.#outbox,
      progress,
      failed: (error) => this.#fail(error),
    });
  }

  async run(): Promise<void> {
    this.#call.signal.addEventListener('abort', () => this.#fail(this.#call.failure ?? new Stopped()), { once: true });
    const parts = [this.#walk(), this.#readRequests(), this.#server.serve()].map((part) =>
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
        return this.#call.room(() => this.#stopped);
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

  #announce({ kind, directory, name, stat, inode }: TreeEntry): void {
    // A socket travels as an empty file; it can't be opened.
    const id =
      (kind === 'file' || kind === 'socket') && stat.linkname === ''
        ? this.#files.add(directory, name, stat, inode)
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
            if (this.#requested > this.#progress.entries) throw invalidId(this.#root, packet.id);
            this.#server.ask(packet.id);
            break;
          case PacketType.FIN:
            this.#server.complete();
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
          this.#server.wake();
          await pace.rest();
          if (this.#stopped) return;
        }
      }
      this.#server.wake();
    }
  }

  /** The first failure counts; it stops the other parts. */
  #fail(error: unknown): void {
    if (!(error instanceof Stopped)) this.#failure ??= error;
    this.#stopped = true;
    this.#call.stopReceiving();
    this.#server.stop();
  }
}

/** Whether it was the other side that gave up, whatever its reason. */
function isEndedByReceiver(failure: unknown): boolean {
  return !(failure instanceof TransferError) || failure.code === 'incomplete' || failure.code === 'protocol';
}
