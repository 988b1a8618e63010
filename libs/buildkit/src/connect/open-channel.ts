import type { Dialer } from '../dial/dialer.js';
import { upgrade } from '../dial/http-upgrade.js';
import { GrpcChannel } from '../grpc/channel.js';
import { ConnectError } from './connect-error.js';

/** gRPC on the socket itself, or by Docker's HTTP upgrade. */
export type Way = 'direct' | 'upgrade';

/**
 * Dials an engine and starts gRPC on the stream.
 * @returns the channel, and the way that it went: TLS may agree on HTTP/2, which leaves nothing to upgrade
 */
export async function openChannel(
  dialer: Dialer,
  way: Way,
  signal: AbortSignal,
): Promise<{ readonly channel: GrpcChannel; readonly via: Way }> {
  const { stream, protocol } = await dialer.dial(signal);
  const via = protocol === 'h2' ? 'direct' : way;
  if (via === 'upgrade') await upgrade(stream, { path: '/grpc', host: dialer.authority }, signal);
  const { authority, secure } = dialer;
  try {
    return { channel: await GrpcChannel.open(stream, { authority, secure, signal }), via };
  } catch (error) {
    if (protocol !== 'h2' || signal.aborted || !isClosed(error)) throw error;
    throw notAdmitted(dialer.address, error);
  }
}

/** Whether the other side just closed the connection. What it said of it may be lost, when our first bytes were on their way. */
function isClosed(error: unknown): boolean {
  return !(error instanceof Error) || !('code' in error) || error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

/** TLS stands and has agreed on HTTP/2, and then the other side wants nothing of us: it does not like who we are. */
function notAdmitted(address: string, cause: unknown): ConnectError {
  return new ConnectError(
    'tls',
    `${address} closed the encrypted connection at once, as engines do that don't accept this client's certificate`,
    'Give a certificate and its key that the engine accepts.',
    { cause },
  );
}
