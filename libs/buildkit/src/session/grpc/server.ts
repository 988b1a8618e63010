import http2, { constants, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { type ConnectionState, ServerCall } from './call.js';
import { GrpcError } from './grpc-error.js';
import { Metadata } from './metadata.js';
import { SendQueue } from './send-queue.js';

/** Serves one call: its return is status OK, what it throws is the call's error. */
export type CallHandler = (call: ServerCall) => Promise<void>;

/** A gRPC server on one connection. */
export interface GrpcConnection {
  /** Settles when the connection is gone, with what broke it, if anything did. */
  readonly closed: Promise<Error | undefined>;
  /** Ends calls that are still served as cancelled, closes the connection and waits until handlers and stream are gone. */
  close(): Promise<void>;
}

/** Bytes of one call that the peer may send ahead of its handler. Bounds the memory of a call. */
const STREAM_WINDOW = 4 * 1024 * 1024;
/** The same for the whole connection. */
const CONNECTION_WINDOW = 16 * 1024 * 1024;
/** Calls at a time. An engine has one transfer per source, and some small calls beside them. */
const MAX_CALLS = 512;
/**
 * How many calls the peer may cancel: at once, and per second. A call that ends before its peer has half-closed ends with a reset by the
 * peer, and is no attack. Node 20 doesn't know these options and allows 1000 at once, 33 per second.
 */
const RESET_LIMITS = { streamResetBurst: 100_000, streamResetRate: 10_000 };

/**
 * Serves gRPC with prior knowledge of HTTP/2 on a stream that is already connected. A `net.Socket` stays in native code; any other
 * duplex works too.
 */
export function serveGrpc(duplex: Duplex, handlers: ReadonlyMap<string, CallHandler>): GrpcConnection {
  const session = http2.performServerHandshake(duplex, {
    settings: {
      initialWindowSize: STREAM_WINDOW,
      maxConcurrentStreams: MAX_CALLS,
      maxHeaderListSize: 16 * 1024 * 1024,
      enablePush: false,
    },
    // Every pattern of a directory is a header of its own: the default of 128 would refuse long ignore files.
    maxHeaderListPairs: 1_000_000,
    // Data that waits for the peer's window counts; the default of 10 MB would refuse the health check during a transfer.
    maxSessionMemory: 1000,
    ...RESET_LIMITS,
  });
  const connection: ConnectionState = { received: { total: 0 }, queue: new SendQueue() };
  const running = new Map<ServerCall, Promise<void>>();
  let failure: Error | undefined;

  const sessionClosed = new Promise<void>((resolve) => session.once('close', resolve));
  const duplexClosed = new Promise<void>((resolve) => {
    if (duplex.closed) resolve();
    else duplex.once('close', resolve);
  });
  session.on('error', (error: Error) => {
    failure ??= error;
  });
  duplex.on('error', (error: Error) => {
    failure ??= error;
  });
  session.on('frameError', () => undefined);
  session.on('goaway', (code: number) => {
    if (code !== constants.NGHTTP2_NO_ERROR)
      failure ??= new Error(`the engine closed the session with HTTP/2 error ${code}`);
  });
  if (session.connecting) session.once('connect', () => setConnectionWindow(session));
  else setConnectionWindow(session);

  session.on(
    'stream',
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: readonly string[] = []) => {
      const method = String(headers[':path'] ?? '');
      const call = new ServerCall(stream, method, new Metadata(rawHeaders), connection);
      const handler = handlers.get(method);
      if (headers[':method'] !== 'POST' || !String(headers['content-type'] ?? '').startsWith('application/grpc')) {
        stream.respond({ ':status': 415 }, { endStream: true });
        return;
      }
      if (!handler) {
        call.finish(new GrpcError('UNIMPLEMENTED', `unknown method ${method}`));
        return;
      }
      const served = serve(handler, call)
        .then(
          () => call.finish(),
          (error: unknown) => call.finish(error),
        )
        .finally(() => running.delete(call));
      running.set(call, served);
    },
  );

  const closed = sessionClosed.then(async () => {
    await duplexClosed;
    return failure;
  });

  return {
    closed,
    async close(): Promise<void> {
      for (const call of running.keys()) call.cancel(new GrpcError('CANCELLED', 'the session was closed'));
      // Statuses leave in the next turn. What waits for a peer that doesn't read only ends with the stream.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!session.destroyed) session.destroy();
      duplex.destroy();
      await Promise.all(running.values());
      await closed;
    },
  };
}

/** A handler that throws before it has anything to wait for fails like any other. */
async function serve(handler: CallHandler, call: ServerCall): Promise<void> {
  await handler(call);
}

/** The window of the connection can't be set by settings, only once the native session stands. */
function setConnectionWindow(session: Http2Session): void {
  if (session.destroyed) return;
  session.setLocalWindowSize(CONNECTION_WINDOW);
}
