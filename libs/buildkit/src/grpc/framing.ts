import type { GrpcCode } from './status.js';

/** BuildKit's limit for one message, in each direction (16 MiB). */
export const MAX_MESSAGE_BYTES: number = 16 << 20;

/** A message's prefix: one byte of flags, four of length. */
export const PREFIX_BYTES = 5;

/** A message that the protocol does not allow: compressed, or larger than the limit. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
  readonly code: GrpcCode;
  constructor(code: GrpcCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The five bytes before a message: not compressed, its length. */
export function messagePrefix(length: number): Buffer {
  return writePrefix(Buffer.allocUnsafe(PREFIX_BYTES), length);
}

/** A message with its prefix, in one buffer. */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = writePrefix(Buffer.allocUnsafe(PREFIX_BYTES + message.length), message.length);
  framed.set(message, PREFIX_BYTES);
  return framed;
}

/**
 * Cuts a stream of bytes, which arrive in chunks of any size, into messages. A message that lies within one chunk is a view of it;
 * others are put together when they are complete, so that no byte is copied more than once, and none is held that has not come.
 */
export class MessageReader {
  readonly #limit: number;
  readonly #borrowed: boolean;
  readonly #prefix: Buffer = Buffer.alloc(PREFIX_BYTES);
  #prefixBytes = 0;
  /** What has come of a message that is not complete, and how much it shall be; -1 between messages. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #wanted = -1;

  /**
   * @param limit the longest message that is taken, in bytes
   * @param borrowed whether a chunk is good until the next one comes: what is held of it is then copied
   */
  constructor(limit: number = MAX_MESSAGE_BYTES, borrowed = false) {
    this.#limit = limit;
    this.#borrowed = borrowed;
  }

  /** Whether the stream stands within a message: its end here means that something is missing. */
  get incomplete(): boolean {
    return this.#prefixBytes > 0 || this.#wanted >= 0;
  }

  /** Bytes that are held of a message which is not complete. */
  get held(): number {
    return this.#partBytes;
  }

  /**
   * Takes a chunk and gives the messages that are complete with it.
   * @throws FramingError before anything of a refused message is kept
   */
  push(chunk: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#wanted >= 0) {
        const part = chunk.subarray(offset, offset + this.#wanted - this.#partBytes);
        this.#parts.push(this.#borrowed ? Buffer.from(part) : part);
        this.#partBytes += part.length;
        offset += part.length;
        if (this.#partBytes < this.#wanted) break;
        messages.push(Buffer.concat(this.#parts, this.#wanted));
        this.#parts = [];
        this.#partBytes = 0;
        this.#wanted = -1;
        continue;
      }
      const whole = this.#prefixBytes === 0 && chunk.length - offset >= PREFIX_BYTES;
      if (whole) offset += PREFIX_BYTES;
      else {
        const taken = chunk.copy(this.#prefix, this.#prefixBytes, offset);
        this.#prefixBytes += taken;
        offset += taken;
        if (this.#prefixBytes < PREFIX_BYTES) break;
        this.#prefixBytes = 0;
      }
      const length = whole ? this.#readPrefix(chunk, offset - PREFIX_BYTES) : this.#readPrefix(this.#prefix, 0);
      if (chunk.length - offset >= length) {
        messages.push(chunk.subarray(offset, offset + length));
        offset += length;
      } else {
        this.#wanted = length;
      }
    }
    return messages;
  }

  #readPrefix(buffer: Buffer, offset: number): number {
    if (buffer[offset] !== 0) {
      throw new FramingError('INTERNAL', 'a compressed message came in, though none was asked for');
    }
    const length = buffer.readUInt32BE(offset + 1);
    if (length > this.#limit) {
      throw new FramingError(
        'RESOURCE_EXHAUSTED',
        `a message of ${length} bytes came in; the limit is ${this.#limit} bytes`,
      );
    }
    return length;
  }
}

function writePrefix(buffer: Buffer, length: number): Buffer {
  if (length > MAX_MESSAGE_BYTES) {
    throw new FramingError(
      'RESOURCE_EXHAUSTED',
      `a message of ${length} bytes is larger than BuildKit's limit of ${MAX_MESSAGE_BYTES} bytes`,
    );
  }
  buffer[0] = 0;
  buffer.writeUInt32BE(length, 1);
  return buffer;
}
