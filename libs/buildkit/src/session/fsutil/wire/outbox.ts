import {
  dataHeaderLength,
  REQUEST_BOUND,
  type Stat,
  statPacketBound,
  writeDataHeader,
  writeEndOfList,
  writeRequest,
  writeStatPacket,
} from './packet.js';
import type { TransferCall } from './transfer-call.js';

/** Bytes of a batch: many small packets leave in one write. */
const BATCH_BYTES = 256 * 1024;

/** Batches that are kept for the next time instead of being given to the garbage collector. */
const KEPT = 8;

/** Gathers framed packets of a call into batches. */
export class Outbox {
  readonly #call: TransferCall;
  readonly #free: Buffer[] = [];
  #batch: Buffer;
  #used = 0;

  constructor(call: TransferCall) {
    this.#call = call;
    this.#batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  }

  stat(stat: Stat): void {
    const bound = statPacketBound(stat);
    if (bound > BATCH_BYTES) {
      this.flush();
      const own = Buffer.allocUnsafeSlow(bound);
      this.#call.write(own.subarray(0, writeStatPacket(own, 0, stat)), () => undefined);
      return;
    }
    this.#reserve(bound);
    this.#used = writeStatPacket(this.#batch, this.#used, stat);
  }

  endOfList(): void {
    this.#reserve(8);
    this.#used = writeEndOfList(this.#batch, this.#used);
  }

  request(id: number): void {
    this.#reserve(REQUEST_BOUND);
    this.#used = writeRequest(this.#batch, this.#used, id);
  }

  /** The empty DATA packet: the file is complete. */
  endOfFile(id: number): void {
    this.#reserve(dataHeaderLength(id, 0));
    this.#used = writeDataHeader(this.#batch, this.#used, id, 0);
  }

  /**
   * A DATA packet of `length` bytes (at most half a batch) that `fill` puts into place, so that they are not copied. If `fill`
   * returns another number, nothing is sent and the number is returned.
   */
  data(id: number, length: number, fill: (buffer: Buffer, offset: number, length: number) => number): number {
    const header = dataHeaderLength(id, length);
    this.#reserve(header + length);
    const filled = fill(this.#batch, this.#used + header, length);
    if (filled === length) {
      writeDataHeader(this.#batch, this.#used, id, length);
      this.#used += header + length;
    }
    return filled;
  }

  /** Hands over what has been gathered. */
  flush(): void {
    if (this.#used === 0) return;
    const batch = this.#batch;
    this.#call.write(batch.subarray(0, this.#used), () => {
      if (this.#free.length < KEPT) this.#free.push(batch);
    });
    this.#batch = this.#free.pop() ?? Buffer.allocUnsafeSlow(BATCH_BYTES);
    this.#used = 0;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes > BATCH_BYTES) this.flush();
  }
}
