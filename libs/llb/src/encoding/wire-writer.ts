import { sortedEntries, sortedUtf8 } from './utf8-order.js';

const varint = 0;
const delimited = 2;
/** A negative number's varint: sign-extended to 64 bits. */
const longestVarint = 10;
/** UTF-8 bytes of one UTF-16 unit at most. */
const longestUnit = 3;
/** Below this a loop beats the call into Buffer. */
const shortText = 24;

/** Bytes of the buffers that small messages share. */
const slabSize = 1 << 16;

/**
 * Writes protobuf fields. A field method leaves out what proto3 does not write. Messages are not copied when they are done: they are
 * views of buffers that several of them share.
 */
export class WireWriter {
  #buffer: Buffer = Buffer.allocUnsafe(slabSize);
  #start = 0;
  #length = 0;

  /** Bytes that were written and not taken. */
  get written(): number {
    return this.#length - this.#start;
  }

  /** What was written since the last call of this or of `reset`. */
  take(): Uint8Array {
    const bytes = new Uint8Array(
      this.#buffer.buffer,
      this.#buffer.byteOffset + this.#start,
      this.#length - this.#start,
    );
    this.#start = this.#length;
    return bytes;
  }

  /** Makes room for so many bytes at once, so that a long message is not moved again and again. */
  expect(bytes: number): void {
    this.#reserve(bytes);
  }

  /** Forgets what was written and not taken. */
  reset(): void {
    this.#length = this.#start;
  }

  /** Starts a message field and gives the place that `close` wants. An empty message is written too. */
  open(field: number): number {
    this.#tag(field, delimited);
    return this.#begin();
  }

  close(place: number): void {
    const size = this.#length - this.#start - place;
    const extra = sizeOfVarint(size) - 1;
    if (extra > 0) {
      this.#reserve(extra);
    }
    // Only now, as making room may have moved the message.
    const start = this.#start + place;
    if (extra > 0) {
      this.#buffer.copyWithin(start + extra, start, this.#length);
    }
    this.#length = start - 1;
    this.#varint(size);
    this.#length += size;
  }

  string(field: number, value: string): void {
    if (value !== '') this.stringAlways(field, value);
  }

  stringAlways(field: number, value: string): void {
    this.#tag(field, delimited);
    const { length } = value;
    this.#reserve(longestVarint + length * longestUnit);
    if (length <= shortText && this.#ascii(value)) return;
    // ASCII, as most texts are, has as many bytes as it has units.
    const room = sizeOfVarint(length);
    const start = this.#length;
    const size = this.#buffer.write(value, start + room, 'utf8');
    const needed = sizeOfVarint(size);
    if (needed !== room) this.#buffer.copyWithin(start + needed, start + room, start + room + size);
    this.#varint(size);
    this.#length += size;
  }

  strings(field: number, values: readonly string[]): void {
    for (const value of values) {
      this.stringAlways(field, value);
    }
  }

  bytes(field: number, value: Uint8Array): void {
    if (value.length > 0) this.bytesAlways(field, value);
  }

  bytesAlways(field: number, value: Uint8Array): void {
    this.#tag(field, delimited);
    this.#reserve(longestVarint + value.length);
    this.#varint(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Fields that were written before. */
  raw(fields: Uint8Array): void {
    this.#reserve(fields.length);
    this.#buffer.set(fields, this.#length);
    this.#length += fields.length;
  }

  /** Bytes that stand here already, once more. */
  again(place: number, size: number): void {
    this.#reserve(size);
    const start = this.#start + place;
    this.#buffer.copyWithin(this.#length, start, start + size);
    this.#length += size;
  }

  bool(field: number, value: boolean): void {
    if (value) this.boolAlways(field, value);
  }

  boolAlways(field: number, value: boolean): void {
    this.#tag(field, varint);
    this.#varint(value ? 1 : 0);
  }

  /** int32, uint32 and enums. */
  int32(field: number, value: number): void {
    if (value !== 0) {
      this.int32Always(field, value);
    }
  }

  int32Always(field: number, value: number): void {
    this.#tag(field, varint);
    this.#signed(value);
  }

  /** int64 and uint64. */
  int64(field: number, value: bigint): void {
    if (value !== 0n) {
      this.#tag(field, varint);
      this.#long(value);
    }
  }

  packedInt32(field: number, values: readonly number[]): void {
    if (values.length > 0) {
      const start = this.open(field);
      for (const value of values) {
        this.#reserve(longestVarint);
        this.#signed(value);
      }
      this.close(start);
    }
  }

  packedInt64(field: number, values: readonly bigint[]): void {
    if (values.length > 0) {
      const start = this.open(field);
      for (const value of values) {
        this.#reserve(longestVarint);
        this.#long(value);
      }
      this.close(start);
    }
  }

  /** The entries of a map, sorted by key. Key and value are written even when empty. `write` writes field 2. */
  map<V>(field: number, entries: ReadonlyMap<string, V>, write: (value: V) => void): void {
    for (const [key, value] of sortedEntries(entries)) {
      const start = this.openEntry(field, key);
      write(value);
      this.close(start);
    }
  }

  /** Starts an entry of a map: its key is written, its value is field 2. */
  openEntry(field: number, key: string): number {
    const start = this.open(field);
    this.stringAlways(1, key);
    return start;
  }

  /** A map of texts that is an object. */
  stringRecord(field: number, entries: Readonly<Record<string, string>>): void {
    const keys = Object.keys(entries);
    for (const key of keys.length === 1 ? keys : sortedUtf8(keys)) {
      const value = entries[key];
      if (value === undefined) continue;
      const start = this.openEntry(field, key);
      this.stringAlways(2, value);
      this.close(start);
    }
  }

  /** A map in which each of these keys, which are sorted, is true. */
  flags(field: number, keys: readonly string[]): void {
    for (const key of keys) {
      const start = this.openEntry(field, key);
      this.boolAlways(2, true);
      this.close(start);
    }
  }

  stringMap(field: number, entries: ReadonlyMap<string, string>): void {
    this.map(field, entries, (value) => this.stringAlways(2, value));
  }

  /** One byte is left for the length; `close` makes room where that is too little. Places are counted from the message's start. */
  #begin(): number {
    this.#length += 1;
    return this.#length - this.#start;
  }

  #tag(field: number, type: number): void {
    this.#reserve(2 * longestVarint);
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  #signed(value: number): void {
    if (value >= 0) {
      this.#varint(value);
    } else {
      this.#long(BigInt(value));
    }
  }

  #long(value: bigint): void {
    if (value >= 0n && value <= 0x7fffffffn) {
      this.#varint(Number(value));
      return;
    }
    if (value === -1n) {
      // Every op has some of these.
      for (let count = 1; count < longestVarint; count += 1) this.#buffer[this.#length++] = 0xff;
      this.#buffer[this.#length++] = 1;
      return;
    }
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
  }

  /** Writes the length and the bytes of a short text of ASCII; says no and writes nothing for any other. */
  #ascii(value: string): boolean {
    const buffer = this.#buffer;
    const { length } = value;
    const start = this.#length + 1;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        return false;
      }
      buffer[start + index] = code;
    }
    buffer[start - 1] = length;
    this.#length = start + length;
    return true;
  }

  /** Makes room, in a new buffer if need be: the old one belongs to the messages that were taken. */
  #reserve(more: number): void {
    if (this.#length + more > this.#buffer.length) {
      const written = this.#buffer.subarray(this.#start, this.#length);
      this.#buffer = Buffer.allocUnsafe(Math.max(slabSize, written.length + more + (written.length >> 1)));
      this.#buffer.set(written);
      this.#start = 0;
      this.#length = written.length;
    }
  }
}

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) {
    size += 1;
  }
  return size;
}
