import { GRPC_CODES, type GrpcCode } from '../../grpc/status.js';
import { encodeStatusMessage } from '../../grpc/status-message.js';

/** What a call ends with when it isn't OK. Handlers throw it; any other error is sent as UNKNOWN with its message. */
export class GrpcError extends Error {
  readonly status: GrpcCode;
  /** An encoded `google.rpc.Status`, sent as `grpc-status-details-bin`. Keep it small. */
  readonly details: Uint8Array | undefined;

  constructor(status: GrpcCode, message: string, options: { cause?: unknown; details?: Uint8Array } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'GrpcError';
    this.status = status;
    this.details = options.details;
  }
}

/** Longest `grpc-message` that is sent, in characters: peers limit the size of all trailers together (Go: 16 MiB, others 8 KiB). */
const MAX_MESSAGE = 4096;

/** The trailers that end a call. */
export function statusTrailers(error: unknown): Record<string, string> {
  if (error === undefined) return { 'grpc-status': '0' };
  const status = error instanceof GrpcError ? error.status : 'UNKNOWN';
  const message = error instanceof Error ? error.message : String(error);
  const trailers: Record<string, string> = {
    'grpc-status': String(GRPC_CODES.indexOf(status)),
    'grpc-message': encodeStatusMessage(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message),
  };
  if (error instanceof GrpcError && error.details) {
    trailers['grpc-status-details-bin'] = Buffer.from(error.details).toString('base64').replace(/=+$/, '');
  }
  return trailers;
}
