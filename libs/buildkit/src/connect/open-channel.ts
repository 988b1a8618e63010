import type { Dialer } from '../dial/dialer.js';
import { upgrade } from '../dial/http-upgrade.js';
import { GrpcChannel } from '../grpc/channel.js';

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
  return { channel: await GrpcChannel.open(stream, { authority, secure, signal }), via };
}
