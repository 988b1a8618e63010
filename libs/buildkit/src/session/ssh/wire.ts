/** Reads SSH's wire format (RFC 4251 §5). Throws a `RangeError` where it ends early. */
export class SshReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#advance(1));
  }

  uint32(): number {
    return this.#buffer.readUInt32BE(this.#advance(4));
  }

  /** A string's bytes, a view. */
  string(): Buffer {
    const length = this.uint32();
    const start = this.#advance(length);
    return this.#buffer.subarray(start, start + length);
  }

  text(): string {
    return this.string().toString('utf8');
  }

  /** What has not been read. */
  rest(): Buffer {
    return this.#buffer.subarray(this.#offset);
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (start + length > this.#buffer.length) throw new RangeError('SSH data ends early');
    this.#offset = start + length;
    return start;
  }
}

export function sshUint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

export function sshString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([sshUint32(bytes.length), bytes]);
}

/** A positive integer, given as big-endian bytes: without zeros at the front, with one if the sign bit would be set. */
export function sshInteger(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start += 1;
  const trimmed = bytes.subarray(start);
  const sign = (trimmed[0] ?? 0) & 0x80 ? Buffer.from([0]) : Buffer.alloc(0);
  return sshString(Buffer.concat([sign, trimmed]));
}
