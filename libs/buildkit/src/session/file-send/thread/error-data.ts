import { GrpcError } from '../../grpc/grpc-error.js';
import { TransferError, type TransferErrorCode } from '../../transfer-error.js';
import { unreachable } from '../../unreachable.js';

/** An error as it crosses between threads, where classes and what errors have beside their message are lost. */
export type ErrorData =
  | {
      readonly kind: 'transfer';
      readonly code: TransferErrorCode;
      readonly path: string;
      readonly message: string;
      readonly help: string | undefined;
      readonly cause: ErrorData | undefined;
    }
  | { readonly kind: 'call'; readonly status: GrpcError['status']; readonly message: string }
  | {
      readonly kind: 'other';
      readonly message: string;
      readonly stack: string | undefined;
      /** Of the system's errors, such as `errno` and `syscall`. */
      readonly details: Readonly<Record<string, string | number>>;
    };

export function encodeError(error: unknown): ErrorData {
  if (error instanceof TransferError) {
    const { code, path, message, help, cause } = error;
    return { kind: 'transfer', code, path, message, help, cause: cause === undefined ? undefined : encodeError(cause) };
  }
  if (error instanceof GrpcError) return { kind: 'call', status: error.status, message: error.message };
  if (!(error instanceof Error)) return { kind: 'other', message: String(error), stack: undefined, details: {} };
  const details: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(error)) {
    if (typeof value === 'string' || typeof value === 'number') details[name] = value;
  }
  return { kind: 'other', message: error.message, stack: error.stack, details };
}

export function decodeError(data: ErrorData): Error {
  switch (data.kind) {
    case 'transfer': {
      const { code, path, message, help, cause } = data;
      return new TransferError(code, path, message, {
        ...(help === undefined ? {} : { help }),
        ...(cause === undefined ? {} : { cause: decodeError(cause) }),
      });
    }
    case 'call':
      return new GrpcError(data.status, data.message);
    case 'other': {
      const error = Object.assign(new Error(data.message), data.details);
      if (data.stack !== undefined) error.stack = data.stack;
      return error;
    }
    default:
      return unreachable(data, 'error');
  }
}
