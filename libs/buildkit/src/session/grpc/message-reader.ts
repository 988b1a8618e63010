import { GrpcError, GrpcStatus } from './status.js';

/** BuildKit's limit for one message in both directions: 16 MiB. */
export const MAX_MESSAGE_BYTES: number = 16 * 1024 * 1024;

/** A message's prefix: one byte of flags, four of length. */
export const MESSAGE_HEADER_BYTES = 5;

/**
 * Cuts a stream's bytes into gRPC messages. A message that lies within one chunk is a view of it; others are gathered into one
 * buffer of their own, so that no byte is copied more than once.
 */
export class MessageReader {
  readonly #limit: number;
  #header: Buffer = Buffer.alloc(MESSAGE_HEADER_BYTES);
  #headerBytes = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;

  constructor(limit: number = MAX_MESSAGE_BYTES) {
    this.#limit = limit;
  }

  /** True in the middle of a message: the end of the stream here means that something is missing. */
  get incomplete(): boolean {
    return this.#headerBytes > 0 || this.#body !== undefined;
  }

  /** Takes bytes and appends the messages that they complete to `into`. Returns the bytes of these messages. */
  push(chunk: Buffer, into: Buffer[]): number {
    let offset = 0;
    let bytes = 0;
    while (offset < chunk.length) {
      if (this.#body) {
        const taken = Math.min(chunk.length - offset, this.#body.length - this.#bodyBytes);
        chunk.copy(this.#body, this.#bodyBytes, offset, offset + taken);
        this.#bodyBytes += taken;
        offset += taken;
        if (this.#bodyBytes < this.#body.length) break;
        into.push(this.#body);
        bytes += this.#body.length;
        this.#body = undefined;
        continue;
      }
      let length: number;
      if (this.#headerBytes === 0 && chunk.length - offset >= MESSAGE_HEADER_BYTES) {
        length = this.#length(chunk, offset);
        offset += MESSAGE_HEADER_BYTES;
      } else {
        const taken = Math.min(chunk.length - offset, MESSAGE_HEADER_BYTES - this.#headerBytes);
        chunk.copy(this.#header, this.#headerBytes, offset, offset + taken);
        this.#headerBytes += taken;
        offset += taken;
        if (this.#headerBytes < MESSAGE_HEADER_BYTES) break;
        length = this.#length(this.#header, 0);
        this.#headerBytes = 0;
      }
      if (chunk.length - offset >= length) {
        into.push(chunk.subarray(offset, offset + length));
        bytes += length;
        offset += length;
      } else {
        this.#body = Buffer.allocUnsafe(length);
        this.#bodyBytes = 0;
      }
    }
    return bytes;
  }

  #length(buffer: Buffer, offset: number): number {
    if (buffer[offset] !== 0) throw new GrpcError(GrpcStatus.UNIMPLEMENTED, 'compressed messages are not supported');
    const length = buffer.readUInt32BE(offset + 1);
    if (length > this.#limit) {
      throw new GrpcError(
        GrpcStatus.RESOURCE_EXHAUSTED,
        `a message of ${length} bytes is over the limit of ${this.#limit}`,
      );
    }
    return length;
  }
}

/** A message with its prefix, ready to be sent. */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(MESSAGE_HEADER_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, MESSAGE_HEADER_BYTES);
  return framed;
}
