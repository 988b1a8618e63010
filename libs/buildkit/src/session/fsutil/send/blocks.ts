import type { ServerCall } from '../../grpc/call.js';
import type { AnnouncedFile } from '../file-table.js';
import { CHUNK_BYTES, dataHeaderLength, writeDataHeader } from '../wire/packet.js';
import type { FileSource } from './file-source.js';

/** Chunks that one block holds. */
const CHUNKS = 16;

/** Bytes of a DATA packet's header, at most. */
const HEADER_BYTES = 20;

/** Blocks of one transfer: they bound its memory (8 of 0.5 MiB), and waiting for one is the back-pressure of large files. */
const BLOCKS = 8;

/** Room for several packets, each a header and a chunk, which leave in one write. */
class Block {
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(CHUNKS * (HEADER_BYTES + CHUNK_BYTES));
  #header = 0;
  #chunks: Buffer[] = [];

  /** Where the chunks are to be read to, for `length` bytes of file and headers of this size. */
  chunks(header: number, length: number): readonly Buffer[] {
    if (this.#header !== header) {
      this.#header = header;
      this.#chunks = [];
      for (let i = 0; i < CHUNKS; i++) {
        const start = i * (header + CHUNK_BYTES) + header;
        this.#chunks.push(this.bytes.subarray(start, start + CHUNK_BYTES));
      }
    }
    const full = Math.floor(length / CHUNK_BYTES);
    const last = length % CHUNK_BYTES;
    const chunks = this.#chunks.slice(0, full);
    const partial = this.#chunks[full];
    if (last > 0 && partial) chunks.push(partial.subarray(0, last));
    return chunks;
  }

  /** Puts the headers before the chunks; returns the bytes to send. */
  seal(id: number, length: number): Buffer {
    const full = Math.floor(length / CHUNK_BYTES);
    const last = length % CHUNK_BYTES;
    let at = 0;
    for (let i = 0; i < full; i++) at = writeDataHeader(this.bytes, at, id, CHUNK_BYTES) + CHUNK_BYTES;
    if (last > 0) {
      // A shorter chunk may have a shorter header: it moves up to it.
      const start = at + this.#header;
      at = writeDataHeader(this.bytes, at, id, last);
      if (at !== start) this.bytes.copyWithin(at, start, start + last);
      at += last;
    }
    return this.bytes.subarray(0, at);
  }
}

/** The blocks of a transfer, made when they are first needed. */
export class BlockPool {
  readonly #free: Block[] = [];
  #waiting: ((block: Block | undefined) => void)[] = [];
  #made = 0;
  #stopped = false;

  /** `undefined` when the transfer has been stopped. */
  async take(): Promise<Block | undefined> {
    if (this.#stopped) return undefined;
    const free = this.#free.pop();
    if (free) return free;
    if (this.#made < BLOCKS) {
      this.#made += 1;
      return new Block();
    }
    return await new Promise<Block | undefined>((resolve) => this.#waiting.push(resolve));
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Wakes all that wait: a peer that doesn't read would never give a block back. */
  stop(): void {
    this.#stopped = true;
    for (const wake of this.#waiting) wake(undefined);
    this.#waiting = [];
  }

  give(block: Block): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(block);
    else this.#free.push(block);
  }
}

/**
 * Reads a file in blocks and sends each as soon as it is there, without copying. A block is as large as the connection has room for, which
 * all that is sent over it share. Throws if the file ends before its announced size.
 *
 * @returns whether all of it has been sent: not so when the pool is stopped
 */
export async function sendBlocks(
  call: ServerCall,
  source: FileSource,
  file: AnnouncedFile,
  pool: BlockPool,
  sent: (bytes: number) => void,
): Promise<boolean> {
  const header = dataHeaderLength(file.id, CHUNK_BYTES);
  for (let position = 0; position < file.size; ) {
    const room = await call.takeRoom(CHUNKS * CHUNK_BYTES, () => pool.stopped);
    if (room === 0) return false;
    const length = Math.min(room, file.size - position);
    const block = await pool.take();
    if (!block) {
      call.giveBack(room);
      return false;
    }
    try {
      if (call.failure) throw call.failure;
      const filled = await source.readInto(block.chunks(header, length), position);
      if (filled < length) throw source.changed();
    } catch (error) {
      pool.give(block);
      call.giveBack(room);
      throw error;
    }
    const release = (): void => pool.give(block);
    if (!(await call.writeBlock(block.seal(file.id, length), room, release, () => pool.stopped))) return false;
    position += length;
    sent(length);
  }
  return true;
}
