import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { readTlsFiles, type TlsFiles, type TlsMaterial } from '../address/tls.js';
import { ConnectError } from '../connect/connect-error.js';
import { abortReason } from '../grpc/call.js';
import { within } from '../grpc/within.js';
import { dialError, handshakeError } from './dial-error.js';
import type { Dialer } from './dialer.js';

/** When the operating system starts to ask a silent peer whether it is still there (ms). */
const KEEP_ALIVE_MS = 15_000;

/** How long a server may take to show that it speaks TLS, when it is asked after all else has failed (ms). */
const PROBE_MS = 3_000;

/** A Unix socket, or a named pipe of Windows. */
export function namedSocketDialer(address: string, path: string): Dialer {
  return {
    address,
    cost: 'cheap',
    authority: 'localhost',
    secure: false,
    dial: async (signal) => ({ stream: await connected(connectSocket({ path }), 'connect', address, signal) }),
  };
}

/** TCP without encryption. */
export function tcpDialer(address: string, host: string, port: number): Dialer {
  return {
    address,
    cost: 'dear',
    authority: host,
    secure: false,
    dial: async (signal) => ({ stream: await connected(tcpSocket(host, port), 'connect', address, signal) }),
  };
}

/** TCP with TLS; with `cert` and `key` both sides show who they are. */
export function tlsDialer(address: string, host: string, port: number, files: TlsFiles): Dialer {
  const serverName = files.serverName ?? (isIP(host) === 0 ? host : undefined);
  return {
    address,
    cost: 'dear',
    authority: serverName ?? host,
    secure: true,
    dial: async (signal) => {
      const { verify, ...material } = await readTlsFiles(files);
      const secureContext = contextOf(material, address);
      const socket = connectTls({
        socket: await connected(tcpSocket(host, port), 'connect', address, signal),
        host,
        secureContext,
        rejectUnauthorized: verify,
        ...(serverName === undefined ? {} : { servername: serverName }),
        ALPNProtocols: ['h2', 'http/1.1'],
      });
      await connected(socket, 'secureConnect', address, signal);
      const protocol = alpn(socket);
      return { stream: socket, ...(protocol === undefined ? {} : { protocol }) };
    },
  };
}

/**
 * Whether a port speaks TLS: asked where plain HTTP got no answer that makes sense. A refusal within TLS is one, too.
 * @throws the reason of the signal
 */
export async function speaksTls(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  try {
    return await within(PROBE_MS, signal, async (limit) => {
      const tcp = await connected(tcpSocket(host, port), 'connect', '', limit.signal);
      const options = { socket: tcp, rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] };
      const socket = await connected(connectTls(options), 'secureConnect', '', limit.signal);
      socket.destroy();
      return true;
    });
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof ConnectError ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause && /_ALERT_/.test(String(cause.code));
  }
}

/** @throws ConnectError `tls` for files that are no certificates or keys, or don't belong together */
function contextOf(material: Pick<TlsMaterial, 'ca' | 'cert' | 'key'>, address: string): SecureContext {
  if ((material.cert === undefined) !== (material.key === undefined)) {
    const [given, missing] = material.cert === undefined ? ['a key', 'certificate'] : ['a certificate', 'key'];
    throw new ConnectError(
      'tls',
      `TLS with ${address} has ${given}, but no ${missing} for it`,
      `Give the ${missing}, too.`,
    );
  }
  try {
    return createSecureContext({ ...material, minVersion: 'TLSv1.2' });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError(
      'tls',
      `the certificates or the key for ${address} can't be used: ${why}`,
      'They must be PEM files, and the key that of the certificate.',
      { cause },
    );
  }
}

function alpn(socket: TLSSocket): 'h2' | 'http/1.1' | undefined {
  return socket.alpnProtocol === 'h2' || socket.alpnProtocol === 'http/1.1' ? socket.alpnProtocol : undefined;
}

function tcpSocket(host: string, port: number): Socket {
  const socket = connectSocket({ host, port });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

function connected<Stream extends Socket>(
  socket: Stream,
  event: 'connect' | 'secureConnect',
  address: string,
  signal: AbortSignal | undefined,
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const finish = (error: Error | undefined): void => {
      socket.off('error', onError);
      socket.off('close', onClose);
      socket.off(event, onDone);
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error): void =>
      finish(event === 'secureConnect' ? handshakeError(error, address) : dialError(error, address));
    const onClose = (): void => onError(new Error('the other side closed the connection'));
    const onDone = (): void => finish(undefined);
    const onAbort = (): void => {
      if (signal !== undefined) finish(abortReason(signal));
    };
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once(event, onDone);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
