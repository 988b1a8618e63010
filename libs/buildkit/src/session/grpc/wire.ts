import { GrpcError } from './grpc-error.js';

/** Bytes that a number takes as a varint, for numbers below 2^32. */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** Writes an unsigned number below 2^32; returns the offset after it. */
export function writeVarint(buffer: Buffer, offset: number, value: number): number {
  let rest = value >>> 0;
  let at = offset;
  while (rest >= 0x80) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

/** Writes an int64 of which the low and high 32 bits are given; returns the offset after it (at most 10 bytes). */
export function writeVarint64(buffer: Buffer, offset: number, low: number, high: number): number {
  let lo = low >>> 0;
  let hi = high >>> 0;
  let at = offset;
  while (hi !== 0) {
    buffer[at++] = (lo & 0x7f) | 0x80;
    lo = ((lo >>> 7) | (hi << 25)) >>> 0;
    hi >>>= 7;
  }
  return writeVarint(buffer, at, lo);
}

/** Reads protobuf's wire format; throws a `GrpcError` where it is malformed. */
export class WireReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get done(): boolean {
    return this.#offset >= this.#buffer.length;
  }

  /** The next field's tag. */
  tag(): number {
    return this.uint32();
  }

  /** A varint's low 32 bits. */
  uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#buffer[this.#offset++];
      if (byte === undefined) throw malformed();
      if (shift < 28) value |= (byte & 0x7f) << shift;
      else if (shift === 28) value = (value | ((byte & 0x0f) << 28)) >>> 0;
      if (byte < 0x80) return value >>> 0;
    }
    throw malformed();
  }

  int64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#buffer[this.#offset++];
      if (byte === undefined) throw malformed();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw malformed();
  }

  /** A view of a length-delimited field. */
  bytes(): Buffer {
    const length = this.uint32();
    const end = this.#offset + length;
    if (end > this.#buffer.length) throw malformed();
    const bytes = this.#buffer.subarray(this.#offset, end);
    this.#offset = end;
    return bytes;
  }

  /** Passes over a field of no interest. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.int64();
        return;
      case 1:
        this.#offset += 8;
        break;
      case 2:
        this.bytes();
        return;
      case 5:
        this.#offset += 4;
        break;
      default:
        throw malformed();
    }
    if (this.#offset > this.#buffer.length) throw malformed();
  }
}

function malformed(): GrpcError {
  return new GrpcError('INTERNAL', 'the engine sent a message that is not valid protobuf');
}
