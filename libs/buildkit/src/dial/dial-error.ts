import { ConnectError } from '../connect/connect-error.js';

/** What stands in the way, by the code that the operating system or TLS gives. */
export function dialError(error: Error, address: string): ConnectError {
  const options = { cause: error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ConnectError(
        'no-socket',
        `there is no socket at ${address}`,
        'Start the engine, or give another address.',
        options,
      );
    case 'ENOTSOCK':
      return new ConnectError('no-socket', `what stands at ${address} is no socket`, '', options);
    case 'ECONNREFUSED':
      return new ConnectError(
        'refused',
        `nothing listens at ${address}`,
        'Start the engine, or give another address.',
        options,
      );
    case 'EACCES':
    case 'EPERM':
      return new ConnectError(
        'not-permitted',
        `this user may not use ${address}`,
        "Join the socket's group (`docker` for Docker), or use a rootless engine.",
        options,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConnectError(
        'unreachable',
        `the host of ${address} is not known`,
        'Check its name and the network.',
        options,
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
      return new ConnectError(
        'unreachable',
        `the host of ${address} can't be reached (${code})`,
        'Check the network.',
        options,
      );
    default:
      return TLS_CODE.test(code)
        ? tlsError(error, code, address)
        : new ConnectError('unreachable', `no connection to ${address}: ${error.message}`, '', options);
  }
}

/** As {@link dialError}, of what went wrong when the connection stood and TLS began on it. */
export function handshakeError(error: Error, address: string): ConnectError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '' && code !== 'ECONNRESET' && code !== 'EPIPE') return dialError(error, address);
  return new ConnectError(
    'tls',
    `${address} closed the connection when TLS began: it does not speak TLS, or wants another`,
    'Leave out the TLS options, if the engine has no certificate.',
    { cause: error },
  );
}

const TLS_CODE =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_CRYPTO|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/;

function tlsError(error: Error, code: string, address: string): ConnectError {
  const options = { cause: error };
  switch (code) {
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'EPROTO':
      return new ConnectError('tls', `${address} does not speak TLS`, 'Leave out the TLS options.', options);
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
    case 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE':
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN':
    case 'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED':
      return new ConnectError(
        'tls',
        `${address} does not accept this client's certificate`,
        'Give a certificate and its key that the engine accepts.',
        options,
      );
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED':
      return new ConnectError(
        'tls',
        `${address} does not accept this client's certificate: it has expired`,
        'Give one that is valid today.',
        options,
      );
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return new ConnectError(
        'tls',
        `the certificate of ${address} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}`,
        'Renew it, or set the clock of this machine or of that one right.',
        options,
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return new ConnectError(
        'tls',
        `the certificate of ${address} is for another name`,
        'Give the name that it holds as the TLS server name.',
        options,
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return new ConnectError(
        'tls',
        `the certificate of ${address} is signed by nobody known`,
        'Give the certificate of its authority.',
        options,
      );
    default:
      return new ConnectError('tls', `TLS with ${address} failed: ${error.message}`, '', options);
  }
}
