import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * A socket that is read at all times, as an engine reads its own. Node's HTTP/2 reads nothing while a write is under way: of two such sides
 * that both have more to write than the socket holds, each would wait for the other for ever. So writes count as done here when they are
 * queued; the windows of HTTP/2 bound the queue.
 */
export class EverReading extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, written: () => void): void {
    this.#socket.write(chunk);
    written();
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], written: () => void): void {
    this.#socket.cork();
    for (const { chunk } of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
    written();
  }

  override _final(ended: () => void): void {
    this.#socket.end();
    ended();
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    this.#socket.destroy();
    destroyed(error);
  }
}
