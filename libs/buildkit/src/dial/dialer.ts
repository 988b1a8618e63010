import type { Duplex } from 'node:stream';
import { type EngineAddress, formatAddress } from '../address/address.js';
import type { TlsFiles } from '../address/tls.js';
import { containerDialer, podDialer, sshDialer } from './command-dialers.js';
import { namedSocketDialer, tcpDialer, tlsDialer } from './socket-dialers.js';

/** Makes streams to an engine. */
export interface Dialer {
  /** The address, for messages. */
  readonly address: string;
  /** How much a further stream costs: `cheap` for sockets of this machine, `dear` where it is a log-in or a process elsewhere. */
  readonly cost: 'cheap' | 'dear';
  /** `:authority` of requests. */
  readonly authority: string;
  /** Whether the streams are encrypted, so that requests have the scheme `https`. */
  readonly secure: boolean;
  /** @throws ConnectError */
  dial(signal?: AbortSignal): Promise<DialledStream>;
}

/** A stream to an engine. */
export interface DialledStream {
  readonly stream: Duplex;
  /** The protocol that TLS agreed on; absent where there is no TLS, or no agreement. */
  readonly protocol?: 'h2' | 'http/1.1';
}

/**
 * The dialer of an address.
 * @param tool what the other side of `ssh://` runs: the client of a stand-alone buildkitd or of Docker
 */
export function dialerOf(address: EngineAddress, tls: TlsFiles | undefined, tool: 'buildctl' | 'docker'): Dialer {
  const text = formatAddress(address);
  switch (address.kind) {
    case 'unix':
      return namedSocketDialer(text, address.path);
    case 'npipe':
      return namedSocketDialer(text, address.path.replaceAll('/', '\\'));
    case 'tcp':
      return tls !== undefined || address.secure
        ? tlsDialer(text, address.host, address.port, tls ?? {})
        : tcpDialer(text, address.host, address.port);
    case 'ssh':
      return sshDialer(text, address, tool);
    case 'docker-container':
    case 'podman-container':
    case 'nerdctl-container':
      return containerDialer(text, address);
    case 'kube-pod':
      return podDialer(text, address);
    default:
      return unreachable(address);
  }
}

function unreachable(value: never): never {
  throw new TypeError(`unknown address ${JSON.stringify(value)}`);
}
