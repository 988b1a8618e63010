import { Status } from '@hlb/proto';
import { checkArguments, fields, TEXT } from '../arguments/forms.js';
import { releaseOf } from '../capabilities/releases.js';
import { type GrpcCode, type GrpcStatus, grpcCode, grpcNumber } from '../grpc/status.js';
import { type ErrorDetails, type RawDetail, readErrorDetails } from './error-details.js';

/** A call that an engine refused or that failed there, or whose connection went away. */
export class BuildkitError extends Error {
  override readonly name = 'BuildkitError';
  readonly code: GrpcCode;
  /** The connection went away during the call: what became of the work is not known. */
  readonly lost: boolean;
  /** The engine broke the call off without a word; or with one that HTTP/2 could not carry. */
  readonly brokenOff: boolean;
  readonly details: ErrorDetails;
  /** The details as they came, for who passes the error on. */
  readonly rawDetails: readonly RawDetail[];

  constructor(message: string, init: BuildkitErrorInit, options?: ErrorOptions) {
    checkArguments('BuildkitError', { message: [message, TEXT], init: [init, fields({ code: TEXT })] });
    const unknown = unknownCapability(message);
    super(unknown?.message ?? message, options);
    this.code = unknown?.code ?? init.code;
    this.lost = init.lost ?? false;
    this.brokenOff = init.brokenOff ?? false;
    this.details = withExitCode(init.details ?? readErrorDetails(init.rawDetails ?? []), message);
    this.rawDetails = init.rawDetails ?? [];
  }
}

export interface BuildkitErrorInit {
  readonly code: GrpcCode;
  readonly lost?: boolean;
  readonly brokenOff?: boolean;
  /** Read from {@link rawDetails} where absent. */
  readonly details?: ErrorDetails;
  readonly rawDetails?: readonly RawDetail[];
}

/** The error that a `google.rpc.Status` stands for. */
export function errorFromMessage(status: Status): BuildkitError {
  return new BuildkitError(status.message, { code: grpcCode(status.code), rawDetails: status.details });
}

/** The `google.rpc.Status` of an error, with all that an engine attached to it. */
export function messageFromError(error: unknown): Status {
  if (error instanceof BuildkitError) {
    return { code: grpcNumber(error.code), message: error.message, details: [...error.rawDetails] };
  }
  return {
    code: grpcNumber('UNKNOWN'),
    message: error instanceof Error ? error.message : String(error),
    details: [],
  };
}

/** The error for a call's status, with the details that the engine attached. */
export function errorFromStatus(status: GrpcStatus, options?: ErrorOptions): BuildkitError {
  const lost = status.lost ?? false;
  if (status.details === undefined) return new BuildkitError(status.message, { code: status.code, lost }, options);
  try {
    const decoded = Status.decode(status.details);
    return new BuildkitError(
      decoded.message === '' ? status.message : decoded.message,
      { code: grpcCode(decoded.code), lost, rawDetails: decoded.details },
      options,
    );
  } catch (cause) {
    return new BuildkitError(status.message, { code: status.code, lost }, { cause });
  }
}

/**
 * Engines tell of ops that they don't know by the names of capabilities, and by no code: with the release that brought them a
 * person can act on it.
 */
function unknownCapability(message: string): { readonly message: string; readonly code: GrpcCode } | undefined {
  const [, capability] = /unknown API capability ([\w.]+)$/.exec(message) ?? [];
  if (capability === undefined) return undefined;
  const release = releaseOf(capability);
  const explained = release === undefined ? message : `${message} (it needs BuildKit ${release} or newer)`;
  return { message: explained, code: 'UNIMPLEMENTED' };
}

/** Engines before BuildKit 0.9 attach nothing to the error of a command that fails: its exit code stands in the text alone. */
function withExitCode(details: ErrorDetails, message: string): ErrorDetails {
  if (details.exitCode !== undefined) return details;
  const [, code] = /executor failed running \[.*\]: exit code: (\d{1,3})$/s.exec(message) ?? [];
  return code === undefined ? details : { ...details, exitCode: Number(code) };
}
