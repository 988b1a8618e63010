import { lutimesSync, mkdirSync, symlinkSync } from 'node:fs';
import { creationError, linkError, printable, TransferError } from '../../transfer-error.js';
import type { TransferCounters } from '../../transfers.js';
import { FileTable } from '../file-table.js';
import { Pace } from '../pace.js';
import { systemPath } from '../path-text.js';
import { OrderValidator } from '../tree-path.js';
import { kindOfGoMode, unixPermissions } from '../wire/go-mode.js';
import { Outbox } from '../wire/outbox.js';
import { decodePacket, decodeStat, finPacket, type Packet, PacketType, type Stat } from '../wire/packet.js';
import { tellFailure } from '../wire/tell-failure.js';
import type { TransferCall } from '../wire/transfer-call.js';
import { xattrCalls } from '../xattr/xattr-calls.js';
import { isReceived, NO_XATTRS, type Xattr } from '../xattr/xattrs.js';
import { fileTime } from './file-time.js';
import { checkNames, type DeferredLink, linkFiles, makePipes } from './late-entries.js';
import type { ListBudget } from './list-budget.js';
import { finishDirectories, type ReceivedDirectory } from './received-directory.js';
import { ReceivedFile, type ReceivingPlace } from './received-file.js';

/** Files that may be open at a time. Go's sender has four. */
const OPEN_LIMIT = 512;

/** UTF-16 units of a path or link target: more than any file system takes (Linux: 4096 bytes). */
const PATH_LIMIT = 4096;

/**
 * Receives a tree into a folder that is empty and that nobody else writes to; `destination` is the name that errors tell. All content is
 * asked for. Entries have their modes and times, except for directories, which stay writable for their owner and are returned.
 *
 * Nothing is written outside of the folder: paths are checked to lead through directories of this same transfer only, what exists is
 * never opened, and hard links reach only files that this transfer has sent. Throws a `TransferError`, after having told the sender.
 */
export async function receiveTree(
  call: TransferCall,
  folder: string,
  destination: string,
  progress: TransferCounters,
  budget: ListBudget,
): Promise<readonly ReceivedDirectory[]> {
  const receiver = new TreeReceiver(call, folder, destination, progress, budget);
  return await receiver.run();
}

class TreeReceiver {
  readonly #call: TransferCall;
  readonly #folder: string;
  readonly #destination: string;
  readonly #progress: TransferCounters;
  readonly #budget: ListBudget;
  readonly #place: ReceivingPlace;
  readonly #outbox: Outbox;
  readonly #pace = new Pace();
  readonly #order = new OrderValidator();
  readonly #awaited = new FileTable();
  /** Of files, by the number of the entry, where there are any. */
  readonly #xattrs = new Map<number, readonly Xattr[]>();
  readonly #open = new Map<number, ReceivedFile>();
  readonly #directories: ReceivedDirectory[] = [];
  readonly #links: DeferredLink[] = [];
  readonly #pipes: Stat[] = [];
  /** Entries whose name ends in a dot. */
  readonly #dotted: string[] = [];
  #listComplete = false;

  constructor(call: TransferCall, folder: string, destination: string, progress: TransferCounters, budget: ListBudget) {
    this.#budget = budget;
    this.#call = call;
    this.#folder = folder;
    this.#destination = destination;
    this.#progress = progress;
    this.#place = { folder, destination, xattrs: xattrCalls() };
    this.#outbox = new Outbox(call);
  }

  async run(): Promise<readonly ReceivedDirectory[]> {
    try {
      await this.#receive();
      await linkFiles(this.#folder, this.#links, this.#place.xattrs, this.#pace, (path) => this.#named(path));
      makePipes(this.#folder, this.#pipes, (path) => this.#named(path));
      await checkNames(this.#folder, this.#dotted, this.#pace, (path) => this.#named(path));
      await finishDirectories(this.#folder, this.#directories, this.#place.xattrs, this.#pace, (path) =>
        this.#named(path),
      );
      this.#call.send(finPacket());
      await this.#awaitFin();
      return this.#directories;
    } catch (error) {
      tellFailure(this.#call, error);
      throw error;
    } finally {
      for (const file of this.#open.values()) file.abandon();
    }
  }

  async #receive(): Promise<void> {
    while (!(this.#listComplete && this.#awaited.files === 0 && this.#open.size === 0)) {
      const messages = await this.#call.receive();
      if (!messages) throw this.#incomplete();
      for (const message of messages) {
        this.#packet(decodePacket(message));
        if (this.#pace.due()) {
          this.#outbox.flush();
          this.#progress.tick();
          await this.#pace.rest();
          if (this.#call.failure) throw this.#call.failure;
        }
      }
      this.#outbox.flush();
      this.#progress.tick();
    }
  }

  #packet(packet: Packet): void {
    switch (packet.type) {
      case PacketType.STAT:
        this.#stat(packet.stat);
        return;
      case PacketType.DATA:
        this.#data(packet.id, packet.data);
        return;
      case PacketType.ERR:
        throw new TransferError(
          'protocol',
          this.#destination,
          `the engine could not send the files: ${packet.data.toString('utf8')}`,
        );
      case PacketType.FIN:
        throw this.#incomplete();
      default:
        throw new TransferError(
          'protocol',
          this.#destination,
          `the engine sent a packet of type ${packet.type} to a receiver`,
        );
    }
  }

  #stat(encoded: Buffer | undefined): void {
    if (this.#listComplete) {
      throw new TransferError('protocol', this.#destination, 'the engine sent an entry after the end of its list');
    }
    if (!encoded) {
      this.#listComplete = true;
      return;
    }
    const stat = decodeStat(encoded);
    if (stat.path.length > PATH_LIMIT || stat.linkname.length > PATH_LIMIT) {
      const path = `${stat.path.slice(0, 100)}…`;
      throw new TransferError('protocol', path, `the engine sent a path that is too long: ${printable(path)}`);
    }
    if (this.#order.check(stat).endsWith('.')) this.#dotted.push(stat.path);
    this.#progress.entries += 1;
    this.#budget.take(encoded.length, this.#destination);
    const kind = kindOfGoMode(stat.mode);
    const xattrs = stat.xattrs.length === 0 ? NO_XATTRS : stat.xattrs.filter(({ name }) => isReceived(name)).map(kept);
    if (kind === 'file' && stat.linkname === '') {
      const id = this.#awaited.add('', stat.path, stat);
      if (xattrs.length > 0) this.#xattrs.set(id, xattrs);
      this.#outbox.request(id);
      return;
    }
    this.#awaited.skip();
    const path = systemPath(`${this.#folder}/${stat.path}`);
    switch (kind) {
      case 'directory':
        this.#create(stat.path, () => mkdirSync(path, 0o700));
        this.#directories.push({
          path: stat.path,
          permissions: unixPermissions(stat.mode),
          modTime: stat.modTime,
          xattrs,
        });
        return;
      case 'symlink':
        this.#symlink(stat);
        return;
      case 'file':
        this.#links.push({ path: stat.path, target: stat.linkname, xattrs });
        return;
      case 'fifo':
        this.#pipes.push(stat);
        return;
      default:
        throw new TransferError(
          'device',
          this.#named(stat.path),
          `the engine sent ${printable(stat.path)}, a ${kind.replace('-', ' ')}, which is not written to this host`,
          { help: 'Remove it in the build, or export to a tar file.' },
        );
    }
  }

  #symlink({ path, linkname, modTime }: Stat): void {
    const full = systemPath(`${this.#folder}/${path}`);
    try {
      symlinkSync(systemPath(linkname), full);
      lutimesSync(full, fileTime(modTime), fileTime(modTime));
    } catch (error) {
      throw linkError(error, this.#named(path), 'symbolic');
    }
  }

  #data(id: number, data: Buffer): void {
    const file = this.#open.get(id) ?? this.#opened(id);
    if (!file) {
      throw new TransferError(
        'protocol',
        this.#destination,
        `the engine sent data for entry ${id}, which was not asked for`,
      );
    }
    if (data.length > 0) {
      this.#progress.bytes += data.length;
      file.append(data);
      return;
    }
    file.finish();
    this.#open.delete(id);
    this.#progress.files += 1;
  }

  /** A file whose first data has come. */
  #opened(id: number): ReceivedFile | undefined {
    const announced = this.#awaited.take(id);
    if (!announced) return undefined;
    if (this.#open.size >= OPEN_LIMIT) {
      throw new TransferError(
        'protocol',
        this.#destination,
        `the engine sends more than ${OPEN_LIMIT} files at a time`,
      );
    }
    const file = new ReceivedFile(this.#place, announced, this.#xattrs.get(id));
    this.#xattrs.delete(id);
    this.#open.set(id, file);
    return file;
  }

  /** What exists in the folder was made by this transfer: two names that the file system takes for one. */
  #create(path: string, make: () => void): void {
    try {
      make();
    } catch (error) {
      throw creationError(error, this.#named(path));
    }
  }

  /** The engine answers FIN and keeps its side open; its cancelling of the call afterwards is no error. */
  async #awaitFin(): Promise<void> {
    for (;;) {
      const messages = await this.#call.receive();
      if (!messages) return;
      for (const message of messages) {
        const packet = decodePacket(message);
        if (packet.type === PacketType.FIN) return;
        if (packet.type === PacketType.ERR) {
          throw new TransferError(
            'protocol',
            this.#destination,
            `the engine could not send the files: ${packet.data.toString('utf8')}`,
          );
        }
        throw new TransferError('protocol', this.#destination, 'the engine went on after the transfer was complete');
      }
    }
  }

  #incomplete(): TransferError {
    return new TransferError('incomplete', this.#destination, 'the engine ended the transfer before it was complete');
  }

  #named(path: string): string {
    return `${this.#destination}/${path}`;
  }
}

/** Out of the message, which is good until the next ones are asked for. */
function kept({ name, value }: Xattr): Xattr {
  return { name, value: Buffer.from(value) };
}
