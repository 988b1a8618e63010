/**
 * Why there is no connection to an engine:
 *
 * | code | |
 * |---|---|
 * | `bad-address` | the address can't be read, or names something that is not supported |
 * | `bad-context` | the current Docker context is missing or broken |
 * | `no-socket` | there is no such socket |
 * | `refused` | nothing listens there |
 * | `not-permitted` | this user may not use the socket |
 * | `unreachable` | the host is unknown or can't be reached |
 * | `tls` | TLS could not be set up: certificates, or one side expects TLS and the other doesn't |
 * | `no-program` | a program that the address needs (`ssh`, `docker`, …) is not installed |
 * | `command-failed` | that program ended with an error |
 * | `not-buildkit` | something else answers |
 * | `too-old` | an engine answers that is older than what is supported |
 * | `no-engine` | no address was given and none of the usual ones answers |
 */
export type ConnectErrorCode =
  | 'bad-address'
  | 'bad-context'
  | 'no-socket'
  | 'refused'
  | 'not-permitted'
  | 'unreachable'
  | 'tls'
  | 'no-program'
  | 'command-failed'
  | 'not-buildkit'
  | 'too-old'
  | 'no-engine';

/** No connection to an engine. The message says what was tried and what happened; {@link help} what to do. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: ConnectErrorCode;
  /** A sentence; empty where there is nothing to advise. */
  readonly help: string;

  constructor(code: ConnectErrorCode, message: string, help = '', options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.help = help;
  }
}
