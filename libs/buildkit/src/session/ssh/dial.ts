import net from 'node:net';
import { GrpcError } from '../grpc/grpc-error.js';

/** Longest wait for a connection to an agent or a forwarded socket, in ms, as Go's client waits. */
const DIAL_TIMEOUT = 2000;

/** Where a forwarded connection leads: `unix:///path` (or a bare path), `tcp://host:port`. */
export function parseSocketAddress(address: string): net.NetConnectOpts {
  if (!address.includes('://')) return { path: address };
  const url = new URL(address);
  if (url.protocol === 'unix:') return { path: decodeURIComponent(`${url.host}${url.pathname}`) };
  if (url.protocol === 'tcp:' && url.port !== '') {
    return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port) };
  }
  throw new Error(`the address ${address} is neither unix:///path nor tcp://host:port`);
}

/** Connects. The socket's two halves end by themselves. */
export async function dial(options: net.NetConnectOpts, signal: AbortSignal): Promise<net.Socket> {
  const where = 'path' in options && options.path !== undefined ? options.path : 'the forwarded address';
  const socket = net.connect({ ...options, allowHalfOpen: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.setTimeout(DIAL_TIMEOUT, () => reject(new Error('no answer within 2 s')));
      signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
    });
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    return socket;
  } catch (error) {
    socket.destroy();
    const message = error instanceof Error ? error.message : String(error);
    throw new GrpcError('UNAVAILABLE', `cannot connect to ${where}: ${message}`, { cause: error });
  }
}
