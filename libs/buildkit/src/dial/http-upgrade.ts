import type { Duplex } from 'node:stream';
import { ConnectError } from '../connect/connect-error.js';
import { abortReason } from '../grpc/call.js';

/** The largest answer head that is read (bytes). */
const HEAD_BYTES = 64 << 10;

/** What an HTTP server made of an upgrade that it did not do. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  /** 0 where what came was no HTTP answer, or nothing came. */
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/**
 * Asks an HTTP/1.1 server to turn this connection into a raw one (`Upgrade: h2c`). The stream then begins with the first byte
 * after the answer's head.
 * @throws UpgradeRefused; the stream is destroyed then
 */
export async function upgrade(
  stream: Duplex,
  request: { readonly path: string; readonly host: string; readonly headers?: readonly (readonly [string, string])[] },
  signal?: AbortSignal,
): Promise<void> {
  const lines = [
    `POST ${request.path} HTTP/1.1`,
    `Host: ${request.host}`,
    'Connection: Upgrade',
    'Upgrade: h2c',
    ...(request.headers ?? []).map(([name, value]) => `${name}: ${value}`),
  ];
  if (lines.some((line) => /[\r\n]/.test(line))) throw new TypeError('a header of the upgrade holds a line break');
  // HTTP/2 takes the stream over in native code: a write of ours that is still under way then aborts the process (Node 20, TLS).
  const written = new Promise<void>((resolve) => stream.write(`${lines.join('\r\n')}\r\n\r\n`, () => resolve()));
  try {
    const { head, rest } = await readHead(stream, signal);
    await written;
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
    if (status !== 101) throw new UpgradeRefused(status, refusal(status, rest));
    if (rest.length > 0) stream.unshift(rest);
  } catch (error) {
    stream.on('error', () => undefined);
    stream.destroy();
    throw error;
  }
}

function refusal(status: number, rest: Buffer): string {
  const body = rest.toString('utf8').replace(/\s+/g, ' ').trim().slice(0, 500);
  if (status === 0) return 'the answer is no HTTP';
  return `HTTP status ${status}${body === '' ? '' : `: ${body}`}`;
}

/** Reads up to the empty line, and gives what came after it in the same chunk. */
function readHead(stream: Duplex, signal: AbortSignal | undefined): Promise<{ head: string; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0);
    const stop = (): void => {
      stream.off('data', onData);
      stream.off('error', onError);
      stream.off('end', onEnd);
      stream.off('close', onEnd);
      signal?.removeEventListener('abort', onAbort);
      stream.pause();
    };
    const fail = (error: Error): void => {
      stop();
      reject(error);
    };
    // What a program on the way says of its end is no answer of the other side.
    const onError = (error: Error): void =>
      fail(error instanceof ConnectError ? error : new UpgradeRefused(0, error.message, { cause: error }));
    const onEnd = (): void => fail(new UpgradeRefused(0, 'the connection was closed without an answer'));
    const onAbort = (): void => {
      if (signal !== undefined) fail(abortReason(signal));
    };
    const onData = (chunk: Buffer): void => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf('\r\n\r\n');
      if (end >= 0) {
        stop();
        resolve({ head: read.subarray(0, end).toString('latin1'), rest: read.subarray(end + 4) });
      } else if (read.length > HEAD_BYTES || !isHttp(read)) {
        fail(new UpgradeRefused(0, 'the answer is no HTTP'));
      }
    };
    stream.on('data', onData);
    stream.on('error', onError);
    stream.on('end', onEnd);
    stream.on('close', onEnd);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Whether the first bytes can be the beginning of an answer: HTTP/2 sends its settings at once, and would be waited for. */
function isHttp(read: Buffer): boolean {
  const start = 'HTTP/1.';
  return start.startsWith(read.subarray(0, start.length).toString('latin1'));
}
