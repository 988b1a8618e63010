/** BuildKit's limit for one message, in each direction (16 MiB). */
export const MAX_MESSAGE_BYTES: number = 16 << 20;

const PREFIX_BYTES = 5;

/** A message that the protocol does not allow: compressed, or larger than {@link MAX_MESSAGE_BYTES}. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
  readonly code: 'RESOURCE_EXHAUSTED' | 'INTERNAL';
  constructor(code: 'RESOURCE_EXHAUSTED' | 'INTERNAL', message: string) {
    super(message);
    this.code = code;
  }
}

/** The five bytes before a message: not compressed, its length. */
export function messagePrefix(length: number): Buffer {
  if (length > MAX_MESSAGE_BYTES) {
    throw new FramingError(
      'RESOURCE_EXHAUSTED',
      `a message of ${length} bytes is larger than BuildKit's limit of ${MAX_MESSAGE_BYTES} bytes`,
    );
  }
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix[0] = 0;
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

/** A message with its prefix, in one buffer. */
export function frameMessage(message: Uint8Array): Buffer {
  return Buffer.concat([messagePrefix(message.length), message]);
}

/** Cuts a stream of bytes, which arrive in chunks of any size, into messages. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = -1;

  /** Takes a chunk and gives the messages that are complete with it. A message may be a view of the chunk. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Buffer[] = [];
    for (;;) {
      if (this.#wanted < 0) {
        if (this.#length < PREFIX_BYTES) return messages;
        this.#wanted = readPrefix(this.#take(PREFIX_BYTES));
      }
      if (this.#length < this.#wanted) return messages;
      messages.push(this.#take(this.#wanted));
      this.#wanted = -1;
    }
  }

  /** Whether the stream ended within a message. */
  get incomplete(): boolean {
    return this.#length > 0 || this.#wanted >= 0;
  }

  #take(count: number): Buffer {
    this.#length -= count;
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= count) {
      if (first.length === count) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const all = Buffer.concat(this.#chunks);
    this.#chunks = all.length > count ? [all.subarray(count)] : [];
    return all.subarray(0, count);
  }
}

function readPrefix(prefix: Buffer): number {
  if (prefix[0] !== 0) throw new FramingError('INTERNAL', 'a compressed message came in, though none was asked for');
  const length = prefix.readUInt32BE(1);
  if (length > MAX_MESSAGE_BYTES) {
    throw new FramingError(
      'RESOURCE_EXHAUSTED',
      `a message of ${length} bytes came in; the limit is ${MAX_MESSAGE_BYTES} bytes`,
    );
  }
  return length;
}
