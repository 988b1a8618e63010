/** The status codes of gRPC, by their names in its specification. */
export const GrpcStatus: {
  readonly OK: 0;
  readonly CANCELLED: 1;
  readonly UNKNOWN: 2;
  readonly INVALID_ARGUMENT: 3;
  readonly DEADLINE_EXCEEDED: 4;
  readonly NOT_FOUND: 5;
  readonly ALREADY_EXISTS: 6;
  readonly PERMISSION_DENIED: 7;
  readonly RESOURCE_EXHAUSTED: 8;
  readonly FAILED_PRECONDITION: 9;
  readonly ABORTED: 10;
  readonly OUT_OF_RANGE: 11;
  readonly UNIMPLEMENTED: 12;
  readonly INTERNAL: 13;
  readonly UNAVAILABLE: 14;
  readonly DATA_LOSS: 15;
  readonly UNAUTHENTICATED: 16;
} = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
};
export type GrpcStatus = (typeof GrpcStatus)[keyof typeof GrpcStatus];

/** What a call ends with when it isn't OK. Handlers throw it; any other error is sent as UNKNOWN with its message. */
export class GrpcError extends Error {
  readonly status: GrpcStatus;
  /** An encoded `google.rpc.Status`, sent as `grpc-status-details-bin`. Keep it small. */
  readonly details: Uint8Array | undefined;

  constructor(status: GrpcStatus, message: string, options: { cause?: unknown; details?: Uint8Array } = {}) {
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
  const status = error instanceof GrpcError ? error.status : GrpcStatus.UNKNOWN;
  const message = error instanceof Error ? error.message : String(error);
  const trailers: Record<string, string> = {
    'grpc-status': String(status),
    'grpc-message': encodeMessage(message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message),
  };
  if (error instanceof GrpcError && error.details) {
    trailers['grpc-status-details-bin'] = Buffer.from(error.details).toString('base64').replace(/=+$/, '');
  }
  return trailers;
}

/** Percent-encodes what gRPC's specification wants encoded: all but printable ASCII, and `%`. */
export function encodeMessage(message: string): string {
  if (/^[\x20-\x24\x26-\x7e]*$/.test(message)) return message;
  let encoded = '';
  for (const byte of Buffer.from(message, 'utf8')) {
    encoded +=
      byte < 0x20 || byte > 0x7e || byte === 0x25
        ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte);
  }
  return encoded;
}
