import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '../address/tls.js';
import { abortReason } from '../grpc/call.js';
import { dialError } from './dial-error.js';
import type { Dialer } from './dialer.js';

/** When the operating system starts to ask a silent peer whether it is still there (ms). */
const KEEP_ALIVE_MS = 15_000;

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
      const { ca, cert, key, verify } = await readTlsFiles(files);
      const socket = connectTls({
        socket: await connected(tcpSocket(host, port), 'connect', address, signal),
        host,
        ca,
        cert,
        key,
        rejectUnauthorized: verify,
        ...(serverName === undefined ? {} : { servername: serverName }),
        ALPNProtocols: ['h2', 'http/1.1'],
        minVersion: 'TLSv1.2',
      });
      await connected(socket, 'secureConnect', address, signal);
      const protocol = alpn(socket);
      return { stream: socket, ...(protocol === undefined ? {} : { protocol }) };
    },
  };
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
    const onError = (error: Error): void => finish(dialError(error, address));
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
