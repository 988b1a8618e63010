import { type ClientHttp2Session, connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import { METADATA } from '../arguments/engine-forms.js';
import {
  CALLBACK,
  checkArguments,
  FLAG,
  type Form,
  fields,
  optional,
  SIGNAL,
  STREAM,
  TEXT,
  WORD,
} from '../arguments/forms.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { abortReason, Call, type CallHost } from './call.js';
import { Heartbeat } from './heartbeat.js';
import { type Metadata, requestHeaders } from './metadata.js';
import type { Method } from './method.js';

/** How much the engine may send ahead on one stream, and on all together (bytes): enough for fast local links. */
const STREAM_WINDOW_BYTES = 4 << 20;
const CONNECTION_WINDOW_BYTES = 16 << 20;

/**
 * The largest list of headers that we accept (bytes, uncompressed). HTTP/2 in Node ends the whole connection at a header whose
 * compressed value is longer than 64 KiB; with this limit announced the engine resets the one call instead.
 */
const HEADER_LIST_BYTES = 65_535;

/** Megabytes of memory that Node lets one HTTP/2 connection hold; its default of 10 is less than the windows above. */
const SESSION_MEMORY_MB = 256;

/** What is asked for as a sign of life; engines that don't know it say so. */
const HEALTH_CHECK = '/grpc.health.v1.Health/Check';

export interface CallOptions {
  readonly metadata?: Metadata;
  readonly signal?: AbortSignal | undefined;
  /** Called once with the answer's headers. */
  readonly onHeaders?: (headers: IncomingHttpHeaders) => void;
}

const OPEN_OPTIONS: Form = fields({ authority: optional(TEXT), secure: optional(FLAG), signal: optional(SIGNAL) });
const METHOD: Form = fields({ path: WORD, requestSerialize: CALLBACK, responseDeserialize: CALLBACK });
const CALL_OPTIONS: Form = fields({
  metadata: optional(METADATA),
  signal: optional(SIGNAL),
  onHeaders: optional(CALLBACK),
});

/** gRPC calls over one duplex stream, which the channel owns from then on. A broken one is never dialled again. */
export class GrpcChannel implements CallHost {
  readonly #session: ClientHttp2Session;
  readonly #stream: Duplex;
  readonly #authority: string;
  readonly #scheme: string;
  #closedByUs = false;
  #cause: Error | undefined;
  #silent = false;
  readonly #heartbeat: Heartbeat;
  /** Resolves when the connection ended: with `undefined` after {@link close}, else with the error that every call now gets. */
  readonly closed: Promise<BuildkitError | undefined>;

  private constructor(session: ClientHttp2Session, stream: Duplex, options: { authority: string; secure: boolean }) {
    this.#session = session;
    this.#stream = stream;
    this.#authority = options.authority;
    this.#scheme = options.secure ? 'https' : 'http';
    this.#heartbeat = new Heartbeat(session, this.#requestHeaders(HEALTH_CHECK, []), () => {
      this.#silent = true;
      this.#cause ??= new Error('the engine does not answer any more');
      session.destroy();
    });
    session.on('error', (error: Error) => {
      this.#cause ??= error;
    });
    stream.on('error', (error: Error) => {
      this.#cause ??= error;
      session.destroy();
    });
    session.on('goaway', (code: number) => {
      this.#cause ??= new Error(`the engine is going away${code === 0 ? '' : ` (HTTP/2 error ${code})`}`);
    });
    this.closed = new Promise((resolve) => {
      session.once('close', () => {
        this.#heartbeat.stop();
        this.#stream.destroy();
        resolve(this.#closedByUs ? undefined : lostError(this.cause));
      });
    });
  }

  /**
   * Starts HTTP/2 on a stream and waits for the other side's settings.
   * @throws the stream's error, or that of HTTP/2 when the other side speaks something else; the stream is destroyed then
   */
  static async open(
    stream: Duplex,
    options: { readonly authority?: string; readonly secure?: boolean; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<GrpcChannel> {
    checkArguments('GrpcChannel.open', { stream: [stream, STREAM], options: [options, OPEN_OPTIONS] });
    const { authority = 'localhost', secure = false, signal } = options;
    const session = connect('http://localhost', {
      createConnection: () => stream,
      maxSessionMemory: SESSION_MEMORY_MB,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES, maxHeaderListSize: HEADER_LIST_BYTES },
    });
    return new Promise((resolve, reject) => {
      const finish = (error: Error | undefined): void => {
        session.off('error', finish);
        session.off('close', onClose);
        session.off('remoteSettings', onSettings);
        stream.off('error', finish);
        signal?.removeEventListener('abort', onAbort);
        if (error === undefined) {
          session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
          resolve(new GrpcChannel(session, stream, { authority, secure }));
          return;
        }
        session.on('error', () => undefined);
        stream.on('error', () => undefined);
        session.destroy();
        stream.destroy();
        reject(error);
      };
      const onClose = (): void => finish(new Error('the connection was closed before HTTP/2 started on it'));
      const onSettings = (): void => finish(undefined);
      const onAbort = (): void => finish(signal === undefined ? undefined : abortReason(signal));
      session.once('error', finish);
      // TLS may tell of a refusal when HTTP/2 has begun already, which then hears nothing of it.
      stream.once('error', finish);
      session.once('close', onClose);
      session.once('remoteSettings', onSettings);
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  get closedByUs(): boolean {
    return this.#closedByUs;
  }

  get cause(): Error | undefined {
    // An end without a word is a reason too: the engine was stopped, or who stands between wants no more of it.
    if (!this.alive && !this.#closedByUs) this.#cause ??= new Error('the engine closed it');
    return this.#cause;
  }

  /** Whether it was given up because the other side gave no sign of life. */
  get fellSilent(): boolean {
    return this.#silent;
  }

  get alive(): boolean {
    return !this.#session.destroyed;
  }

  /** Starts a call. */
  call<Request, Response>(method: Method<Request, Response>, options: CallOptions = {}): Call<Request, Response> {
    checkArguments('call', { method: [method, METHOD], options: [options, CALL_OPTIONS] });
    options.signal?.throwIfAborted();
    this.#checkOpen();
    const stream = this.#session.request(this.#requestHeaders(method.path, options.metadata ?? []));
    this.#heartbeat.watch(stream);
    return new Call(stream, method, this, options);
  }

  /** A call of one message each way. */
  async unary<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const call = this.call(method, options);
    call.write(request);
    call.end();
    let response: { readonly value: Response } | undefined;
    for await (const value of call) response ??= { value };
    if (response === undefined) throw new BuildkitError(`${method.path} gave no answer`, { code: 'INTERNAL' });
    return response.value;
  }

  /** A call of one message that is answered by many. The call starts at once; failures come with the iteration. */
  serverStream<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Call<Request, Response> {
    const call = this.call(method, options);
    call.write(request);
    call.end();
    return call;
  }

  /**
   * An ordinary HTTP request on the same connection; gives the answer's headers, none where it is broken off.
   * @throws BuildkitError when the connection is gone
   */
  async headersOf(path: string): Promise<IncomingHttpHeaders> {
    checkArguments('headersOf', { path: [path, WORD] });
    this.#checkOpen();
    const stream = this.#session.request({ ':path': path, ':authority': this.#authority, ':scheme': this.#scheme });
    return new Promise((resolve) => {
      stream.on('error', () => undefined);
      stream.once('response', resolve);
      stream.once('close', () => resolve({}));
      stream.resume();
    });
  }

  /** @throws BuildkitError, with what ended the connection */
  #checkOpen(): void {
    if (!this.#session.destroyed && !this.#session.closed) return;
    throw this.#closedByUs
      ? new BuildkitError('the connection was closed', { code: 'CANCELLED' })
      : lostError(this.cause);
  }

  #requestHeaders(path: string, metadata: Metadata): OutgoingHttpHeaders {
    return requestHeaders(path, this.#authority, this.#scheme, metadata);
  }

  /** Ends all calls and the connection. Resolves when no handle is left. */
  async close(): Promise<void> {
    // What was lost before stays lost.
    if (this.alive) this.#closedByUs = true;
    this.#session.destroy();
    this.#stream.destroy();
    await this.closed;
  }
}

function lostError(cause: Error | undefined): BuildkitError {
  const why = cause === undefined ? '' : `: ${cause.message}`;
  return new BuildkitError(
    `the connection to the engine was lost${why}`,
    { code: 'UNAVAILABLE', lost: true },
    cause === undefined ? {} : { cause },
  );
}
