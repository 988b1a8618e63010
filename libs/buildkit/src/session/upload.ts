import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { bytesMessage } from './grpc/bytes-message.js';
import type { ServerCall } from './grpc/call.js';
import { GrpcError } from './grpc/grpc-error.js';

/** What an upload's bytes come from: a stream, or anything that yields chunks. */
export type UploadSource = AsyncIterable<Uint8Array | string>;

/** Host of the addresses under which an engine finds uploads of its client. */
const HOST = 'buildkit-session';
/** Bytes of one message, at most: what Go's client sends. */
const CHUNK = 3 * 1024 * 1024;

/** Serves `Upload.Pull`: a build context as a tar from standard input, and the like. */
export class Uploads {
  readonly #sources = new Map<string, UploadSource>();

  /** Offers bytes under an address that is good for one read. */
  add(source: UploadSource): string {
    const id = randomBytes(12).toString('hex');
    this.#sources.set(id, source);
    return `http://${HOST}/${id}`;
  }

  async pull(call: ServerCall): Promise<void> {
    const path = call.metadata.get('urlpath') ?? '';
    const id = path.slice(path.lastIndexOf('/') + 1);
    const source = this.#sources.get(id);
    if (!source) throw new GrpcError('NOT_FOUND', `unknown upload ${path}`);
    this.#sources.delete(id);
    const chunks = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        // A source may wait for its user: the end of the call must not.
        const next = await call.until(chunks.next());
        if (next.done) return;
        const bytes = Buffer.from(next.value);
        for (let at = 0; at < bytes.length; at += CHUNK) {
          call.send(bytesMessage(bytes.subarray(at, at + CHUNK)));
          await call.room();
        }
      }
    } catch (error) {
      giveUp(source, chunks);
      throw error;
    }
  }

  /** Gives up the sources that no engine has asked for. */
  close(): void {
    for (const source of this.#sources.values()) giveUp(source, source[Symbol.asyncIterator]());
    this.#sources.clear();
  }
}

/** Lets a source free what it holds. One that waits for its next chunk is not waited for. */
function giveUp(source: UploadSource, chunks: AsyncIterator<Uint8Array | string>): void {
  if (source instanceof Readable) source.destroy();
  else void Promise.resolve(chunks.return?.()).catch(() => undefined);
}
