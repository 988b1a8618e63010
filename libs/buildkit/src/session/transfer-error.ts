import type { GrpcCode } from '../grpc/status.js';
import { GrpcError } from './grpc/grpc-error.js';

/**
 * What went wrong with a file, by kind:
 * - of this host: `not-found`, `not-permitted`, `no-space`, `read-only`, `is-directory`, `not-directory`, `in-use`, `io`;
 * - while sending: `changed` (the file isn't what was announced any more), `bad-pattern`;
 * - of what the engine sends: `unsafe-path`, `name-collision`, `device`, `protocol`;
 * - `incomplete` (the engine ended early), `cancelled`, `discarded`.
 */
export type TransferErrorCode =
  | 'not-found'
  | 'not-permitted'
  | 'no-space'
  | 'read-only'
  | 'is-directory'
  | 'not-directory'
  | 'in-use'
  | 'io'
  | 'changed'
  | 'bad-pattern'
  | 'unsafe-path'
  | 'name-collision'
  | 'device'
  | 'protocol'
  | 'incomplete'
  | 'cancelled'
  | 'discarded';

/** A transfer that failed because of one file, or as a whole. The message names the file. */
export class TransferError extends GrpcError {
  readonly code: TransferErrorCode;
  /** The file on this host, or the path that the engine sent. */
  readonly path: string;
  /** What can be done about it, a sentence. */
  readonly help: string | undefined;

  constructor(
    code: TransferErrorCode,
    path: string,
    message: string,
    options: { help?: string; cause?: unknown } = {},
  ) {
    super(STATUS[code], message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'TransferError';
    this.code = code;
    this.path = path;
    this.help = options.help;
  }
}

const STATUS: Record<TransferErrorCode, GrpcCode> = {
  'not-found': 'NOT_FOUND',
  'not-permitted': 'PERMISSION_DENIED',
  'no-space': 'RESOURCE_EXHAUSTED',
  'read-only': 'PERMISSION_DENIED',
  'is-directory': 'FAILED_PRECONDITION',
  'not-directory': 'FAILED_PRECONDITION',
  'in-use': 'FAILED_PRECONDITION',
  io: 'UNKNOWN',
  changed: 'ABORTED',
  'bad-pattern': 'INVALID_ARGUMENT',
  'unsafe-path': 'INVALID_ARGUMENT',
  'name-collision': 'ALREADY_EXISTS',
  device: 'INVALID_ARGUMENT',
  protocol: 'INTERNAL',
  incomplete: 'DATA_LOSS',
  cancelled: 'CANCELLED',
  discarded: 'CANCELLED',
};

const SYSTEM_ERRORS: Record<string, readonly [TransferErrorCode, string, string?]> = {
  ENOENT: ['not-found', 'does not exist'],
  EACCES: [
    'not-permitted',
    'permission denied',
    'Grant this user the right, or leave the file out by an exclude pattern.',
  ],
  EPERM: ['not-permitted', 'operation not permitted'],
  ENOSPC: ['no-space', 'no space left on the device', 'Free some space, or choose a destination on another disk.'],
  EDQUOT: ['no-space', 'the disk quota is exceeded'],
  EFBIG: ['no-space', 'the file is too large for the file system'],
  EROFS: ['read-only', 'the file system is read-only', 'Choose a destination that can be written.'],
  EISDIR: ['is-directory', 'is a directory'],
  ENOTDIR: ['not-directory', 'a part of the path is not a directory'],
  EBUSY: ['in-use', 'is in use'],
  ETXTBSY: ['in-use', 'is a program that runs'],
  ENAMETOOLONG: ['io', 'the name is too long for the file system'],
  EMFILE: ['io', 'too many open files'],
  ELOOP: ['changed', 'became a symbolic link'],
};

/** A system call's error as a `TransferError`; `action` is a verb: `read`, `write`, `create`. */
export function systemError(error: unknown, action: string, path: string): TransferError {
  if (error instanceof TransferError) return error;
  const errno = errnoOf(error);
  const known = errno === undefined ? undefined : SYSTEM_ERRORS[errno];
  const reason = known?.[1] ?? (error instanceof Error ? error.message : String(error));
  const help = known?.[2];
  return new TransferError(known?.[0] ?? 'io', path, `cannot ${action} ${printable(path)}: ${reason}`, {
    cause: error,
    ...(help === undefined ? {} : { help }),
  });
}

/** The error for an entry that could not be made; `path` is its place at the destination. */
export function creationError(error: unknown, path: string): TransferError {
  if (errnoOf(error) === 'EEXIST') {
    return new TransferError(
      'name-collision',
      path,
      `${printable(path)} has the same name as another entry on this file system`,
      {
        cause: error,
        help: 'The names differ only in case or in the form of their letters: choose a destination that tells them apart, or a tar file.',
      },
    );
  }
  return isRefusedName(errnoOf(error), path)
    ? unsuitable(error, path, 'the file system takes no such name')
    : systemError(error, 'create', path);
}

/** The error for a link that could not be made. */
export function linkError(error: unknown, path: string, kind: 'symbolic' | 'hard'): TransferError {
  const errno = errnoOf(error);
  // Linux says EPERM (vfat), ENOSYS (FUSE) or ENOTSUP. The folder is one that was just made, so it is no matter of rights.
  return errno === 'EPERM' || errno === 'ENOSYS' || errno === 'ENOTSUP'
    ? unsuitable(error, path, `the file system has no ${kind} links`)
    : creationError(error, path);
}

/** The error for what the destination's file system can't hold. */
export function unsuitable(error: unknown, path: string, reason: string): TransferError {
  return new TransferError('io', path, `cannot create ${printable(path)}: ${reason}`, {
    cause: error,
    help: 'Choose a destination on another file system, or a tar file.',
  });
}

/** Of names with characters that Windows reserves, exFAT's driver in user space says ENOENT. */
function isRefusedName(errno: string | undefined, path: string): boolean {
  if (errno === 'EINVAL' || errno === 'EILSEQ') return true;
  return errno === 'ENOENT' && /[\x00-\x1f"*:<>?\\|]/.test(path.slice(path.lastIndexOf('/') + 1));
}

/** `ENOENT` and the like. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

/** Characters of a path that a message shows, at most: what else it says must not drown in it. */
const SHOWN_PATH = 600;

/**
 * A path as one line of text: control characters, and bytes that aren't UTF-8, are shown as escapes. Of very long ones the middle is left
 * out.
 */
export function printable(path: string): string {
  if (path.length > SHOWN_PATH) {
    return `${printable(path.slice(0, SHOWN_PATH / 2))}…${printable(path.slice(-SHOWN_PATH / 2))}`;
  }
  // JSON's escapes are those which people know; a path without anything to escape stays bare.
  if (path.isWellFormed() && !/[\x00-\x1f\x7f-\x9f"\\\u2028\u2029]/.test(path)) return path;
  return JSON.stringify(path)
    .replace(/[\x7f-\x9f\u2028\u2029]/g, escapeControl)
    .replace(/\\udc([89a-f][0-9a-f])/g, '\\x$1');
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
