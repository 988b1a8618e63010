import { dialError } from '../dial/dial-error.js';
import type { Dialer } from '../dial/dialer.js';
import { UpgradeRefused } from '../dial/http-upgrade.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { ConnectError } from './connect-error.js';

/** What stands in the way when a stream to an address was made, but no BuildKit answered on it. */
export function wayError(dialer: Dialer, error: unknown): ConnectError {
  const options = { cause: error };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UpgradeRefused) {
    if (/HTTP request to an HTTPS server/i.test(message)) {
      return wantsTls(dialer.address, options);
    }
    if (error.status === 404) {
      return new ConnectError(
        'too-old',
        `what answers at ${dialer.address} knows no /grpc: it is no Docker Engine, or one older than 18.09`,
        'Use a newer engine.',
        options,
      );
    }
    return new ConnectError(
      'not-buildkit',
      `what answers at ${dialer.address} is no Docker Engine with BuildKit (${message})`,
      '',
      options,
    );
  }
  if (error instanceof BuildkitError && error.code === 'UNIMPLEMENTED') {
    return new ConnectError(
      'not-buildkit',
      `what answers at ${dialer.address} speaks gRPC, but is not BuildKit`,
      '',
      options,
    );
  }
  if (dialer.secure && error instanceof Error && 'code' in error && /^ERR_(SSL|TLS)/.test(String(error.code))) {
    return dialError(error, dialer.address);
  }
  return new ConnectError(
    'not-buildkit',
    `what answers at ${dialer.address} does not speak BuildKit's protocol (${message})`,
    '',
    options,
  );
}

/** Of an engine that takes encrypted connections alone. */
export function wantsTls(address: string, options?: ErrorOptions): ConnectError {
  return new ConnectError(
    'tls',
    `${address} speaks TLS only`,
    'Give the TLS options, or set DOCKER_TLS_VERIFY.',
    options,
  );
}
