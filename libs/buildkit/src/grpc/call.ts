import { once } from 'node:events';
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { checkMade } from '../arguments/forms.js';
import { BuildkitError, errorFromStatus } from '../errors/buildkit-error.js';
import { FramingError, frameMessage, MessageReader } from './framing.js';
import { statusFrom } from './metadata.js';
import type { Method } from './method.js';
import { type GrpcStatus, statusOfHttp } from './status.js';

/** What a call needs to know of the connection that it runs on. */
export interface CallHost {
  /** Whether this side closed the connection. */
  readonly closedByUs: boolean;
  /** What broke the connection, as far as it is known. */
  readonly cause: Error | undefined;
  /** Whether the connection stands. */
  readonly alive: boolean;
}

/**
 * One call. Messages are sent with {@link send} and {@link end}, and received by iterating, once. Leaving the iteration early
 * cancels the call, as {@link cancel} does. Every failure is a {@link BuildkitError}, or the reason of the caller's own signal.
 */
export class Call<Request, Response> implements AsyncIterable<Response> {
  readonly #stream: ClientHttp2Stream;
  readonly #method: Method<Request, Response>;
  readonly #host: CallHost;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.cancel();
  #status: GrpcStatus | undefined;
  #headers: IncomingHttpHeaders | undefined;
  #error: Error | undefined;
  #cancelled = false;

  constructor(
    stream: ClientHttp2Stream,
    method: Method<Request, Response>,
    host: CallHost,
    options: { readonly signal?: AbortSignal | undefined; readonly onHeaders?: (headers: IncomingHttpHeaders) => void },
  ) {
    checkMade(stream, 'Call', 'GrpcChannel.call', 'on');
    this.#stream = stream;
    this.#method = method;
    this.#host = host;
    this.#signal = options.signal;
    stream.on('response', (headers) => {
      this.#headers = headers;
      this.#status = statusFrom(headers);
      options.onHeaders?.(headers);
    });
    stream.on('trailers', (trailers: IncomingHttpHeaders) => {
      this.#status = statusFrom(trailers) ?? this.#status;
    });
    stream.on('error', (error: Error) => {
      this.#error ??= error;
    });
    stream.on('close', () => this.#signal?.removeEventListener('abort', this.#onAbort));
    if (this.#signal?.aborted === true) this.cancel();
    else this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The underlying stream, for who frames messages on its own. */
  get stream(): ClientHttp2Stream {
    return this.#stream;
  }

  /**
   * Sends a message, without waiting for room. Gives whether there is room for more. What is sent after the call's end is dropped.
   * @throws BuildkitError `RESOURCE_EXHAUSTED` for a message over BuildKit's limit, TypeError for one that is none of this method's; the
   *   call is cancelled then
   */
  write(request: Request): boolean {
    if (!this.#stream.writable) return true;
    const message = this.#serialized(request);
    try {
      return this.#stream.write(frameMessage(message));
    } catch (error) {
      this.cancel();
      if (!(error instanceof FramingError)) throw error;
      throw new BuildkitError(error.message, { code: error.code }, { cause: error });
    }
  }

  /** As {@link write}, and resolves when there is room for the next message, or when the call has ended meanwhile. */
  async send(request: Request): Promise<void> {
    if (this.write(request)) return;
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    this.#stream.once('close', stop);
    await once(this.#stream, 'drain', { signal: waiting.signal }).catch(() => undefined);
    this.#stream.off('close', stop);
  }

  /** Says that no more messages follow. */
  end(): void {
    this.#stream.end();
  }

  /** Ends the call on both sides at once; the engine stops what it does for it. */
  cancel(): void {
    this.#cancelled = true;
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Response, void, undefined> {
    const reader = new MessageReader();
    let finished = false;
    try {
      for await (const chunk of this.#stream) {
        // What stands for the answer of a proxy, say, is a page.
        if (this.#httpStatus() !== 200) continue;
        for (const message of reader.push(chunk)) yield this.#method.responseDeserialize(message);
      }
      finished = true;
    } catch (error) {
      finished = true;
      if (error instanceof FramingError) {
        this.cancel();
        throw new BuildkitError(error.message, { code: error.code }, { cause: error });
      }
      this.#error ??= error instanceof Error ? error : new Error(String(error));
    } finally {
      if (!finished) this.cancel();
    }
    const failure = this.failure(reader.incomplete);
    if (failure !== undefined) throw failure;
  }

  /**
   * Of a call that has ended: why it failed.
   * @param incomplete whether its last message was cut off
   */
  failure(incomplete: boolean): Error | undefined {
    if (this.#signal?.aborted === true && this.#status === undefined) return abortReason(this.#signal);
    if (this.#status !== undefined && this.#status.code !== 'OK') return errorFromStatus(this.#status);
    return this.#status !== undefined && !incomplete ? undefined : this.#brokenOff();
  }

  #serialized(request: Request): Uint8Array {
    let cause: unknown;
    try {
      const message = this.#method.requestSerialize(request);
      if (message instanceof Uint8Array) return message;
    } catch (error) {
      cause = error;
    }
    this.cancel();
    throw new TypeError(`${this.#method.path}: the request must be a message of this method`, { cause });
  }

  #httpStatus(): number {
    return Number(this.#headers?.[':status'] ?? 200);
  }

  /** The error of a call that ended without a status. */
  #brokenOff(): BuildkitError {
    const cause = this.#host.cause ?? this.#error;
    const options = cause === undefined ? {} : { cause };
    if (this.#host.closedByUs) return new BuildkitError('the connection was closed', { code: 'CANCELLED' }, options);
    if (!this.#host.alive) {
      const why = cause === undefined ? '' : `: ${cause.message}`;
      return new BuildkitError(
        `the connection to the engine was lost${why}`,
        { code: 'UNAVAILABLE', lost: true },
        options,
      );
    }
    if (this.#cancelled) return new BuildkitError('the call was cancelled', { code: 'CANCELLED' }, options);
    const http = this.#httpStatus();
    if (http !== 200) {
      return new BuildkitError(`the engine answered with HTTP status ${http}`, { code: statusOfHttp(http) }, options);
    }
    const name = RESET_NAMES.get(this.#stream.rstCode ?? 0);
    return new BuildkitError(
      `the engine broke the call off (${name ?? `HTTP/2 error ${this.#stream.rstCode}`})`,
      {
        code: this.#stream.rstCode === constants.NGHTTP2_CANCEL ? 'CANCELLED' : 'INTERNAL',
        brokenOff: true,
      },
      options,
    );
  }
}

const RESET_NAMES: ReadonlyMap<number, string> = new Map([
  [constants.NGHTTP2_NO_ERROR, 'no status'],
  [constants.NGHTTP2_INTERNAL_ERROR, 'internal error'],
  [constants.NGHTTP2_CANCEL, 'cancelled'],
  [constants.NGHTTP2_REFUSED_STREAM, 'refused'],
  [constants.NGHTTP2_ENHANCE_YOUR_CALM, 'too much load'],
]);

/** The reason of an aborted signal, as an error. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
