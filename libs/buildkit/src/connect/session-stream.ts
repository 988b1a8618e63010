import { Duplex } from 'node:stream';
import { BytesMessage, ControlService } from '@hlb/proto/control';
import type { UpgradeRefused } from '../dial/http-upgrade.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import type { Call } from '../grpc/call.js';
import type { GrpcChannel } from '../grpc/channel.js';
import { MessageReader, messagePrefix } from '../grpc/framing.js';
import type { Metadata } from '../grpc/metadata.js';

/** Largest message that is sent (bytes): below the 4 MiB that engines before 0.14 accept. */
const SENT_BYTES = 1 << 20;

/** Field 1, length-delimited: the only field of `BytesMessage`. */
const DATA_TAG = 0x0a;

/**
 * The bytes of a session's inner connection, carried by the messages of `Control.Session`. It is cut and joined here without
 * copying, because every byte of every build context passes through.
 */
export class ControlSessionStream extends Duplex {
  readonly #call: Call<BytesMessage, BytesMessage>;
  readonly #reader = new MessageReader();
  #heard = false;

  /** @param refused what a daemon said that was asked to carry the session by HTTP, for the case that it doesn't do so here either */
  constructor(channel: GrpcChannel, metadata: Metadata, refused?: UpgradeRefused) {
    super({ allowHalfOpen: true });
    this.#call = channel.call<BytesMessage, BytesMessage>(ControlService.session, { metadata });
    const { stream } = this.#call;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.once('close', () => {
      const failure = this.#call.failure(this.#reader.incomplete);
      if (failure === undefined) this.push(null);
      else this.destroy(refused === undefined || this.#heard ? failure : neitherWay(failure, refused));
    });
  }

  override _read(): void {
    this.#call.stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#call.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const { stream } = this.#call;
    if (stream.closed || stream.destroyed) {
      done(error);
      return;
    }
    stream.once('close', () => done(error));
    this.#call.cancel();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const message of this.#reader.push(chunk)) {
        this.#heard = true;
        if (!this.push(dataOf(message))) this.#call.stream.pause();
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #send(chunks: readonly Buffer[], done: (error?: Error | null) => void): void {
    const { stream } = this.#call;
    if (!stream.writable) {
      done();
      return;
    }
    stream.cork();
    let room = true;
    for (const group of groups(chunks)) {
      stream.write(messageHead(group.bytes));
      for (const piece of group.pieces) room = stream.write(piece);
    }
    stream.uncork();
    if (room) {
      done();
      return;
    }
    const finish = (): void => {
      stream.off('drain', finish);
      stream.off('close', finish);
      done();
    };
    stream.once('drain', finish);
    stream.once('close', finish);
  }
}

/** Of a session that was refused in both ways: either alone would send its reader to look for the other. */
function neitherWay(failure: Error, refused: UpgradeRefused): Error {
  if (!(failure instanceof BuildkitError) || failure.lost || failure.code === 'CANCELLED') return failure;
  return new BuildkitError(
    `the engine opens no session, neither by HTTP (${refused.message}) nor over gRPC (${failure.message})`,
    { code: failure.code, rawDetails: failure.rawDetails },
    { cause: failure },
  );
}

/** What goes into one message each. */
function* groups(chunks: readonly Buffer[]): Generator<{ bytes: number; pieces: Buffer[] }> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + SENT_BYTES - bytes);
      pieces.push(piece);
      bytes += piece.length;
      at += piece.length;
      if (bytes === SENT_BYTES) {
        yield { bytes, pieces };
        pieces = [];
        bytes = 0;
      }
    }
  }
  if (bytes > 0) yield { bytes, pieces };
}

/** All of a message that comes before its data. */
function messageHead(bytes: number): Buffer {
  const varint: number[] = [];
  for (let rest = bytes; ; rest >>>= 7) {
    varint.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([messagePrefix(1 + varint.length + bytes), Buffer.from([DATA_TAG, ...varint])]);
}

/** The data of a message, as a view of it where it has the usual form. */
function dataOf(message: Buffer): Uint8Array {
  if (message[0] === DATA_TAG) {
    let length = 0;
    let at = 1;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (at + length === message.length) return message.subarray(at);
  }
  return BytesMessage.decode(message).data;
}
