/** gRPC's status codes (`google.rpc.Code`), by their numbers on the wire. */
export const GRPC_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** The name of a gRPC status code. */
export type GrpcCode = (typeof GRPC_CODES)[number];

/** The name for a number; numbers that gRPC does not know count as `UNKNOWN`. */
export function grpcCode(value: number): GrpcCode {
  return GRPC_CODES[value] ?? 'UNKNOWN';
}

/** The number of a code on the wire. */
export function grpcNumber(code: GrpcCode): number {
  return GRPC_CODES.indexOf(code);
}

/** How a call ended. */
export interface GrpcStatus {
  readonly code: GrpcCode;
  readonly message: string;
  /** `grpc-status-details-bin`, decoded from base64: an encoded `google.rpc.Status`. */
  readonly details?: Uint8Array;
  /** The connection itself went away, so that nothing is known of the call's fate. */
  readonly lost?: boolean;
}

/** What gRPC makes of an answer that is no gRPC answer, by its HTTP status (the mapping of gRPC's own specification). */
export function statusOfHttp(status: number): GrpcCode {
  switch (status) {
    case 400:
      return 'INTERNAL';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'UNIMPLEMENTED';
    case 429:
    case 502:
    case 503:
    case 504:
      return 'UNAVAILABLE';
    default:
      return 'UNKNOWN';
  }
}
