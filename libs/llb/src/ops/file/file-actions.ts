import type * as pb from '@hlb/proto/llb';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { Immutable, Output } from '../../graph/vertex.js';
import { absolutePath, absoluteTarget } from '../../names/posix-path.js';
import { permissionBits } from '../permissions.js';
import { type Owner, ownerMessage } from './owner.js';

/** A file system and changes to it, in order. */
export interface FileChain {
  readonly base: Output | undefined;
  readonly actions: readonly FileAction[];
  /** The directory that relative paths are seen from; absent: `/`. */
  readonly dir?: string | undefined;
}

export type FileAction = MkdirAction | MkfileAction | RmAction | SymlinkAction | CopyAction;

interface Placed {
  /** The directory that its relative paths are seen from; absent: that of its chain. */
  readonly dir?: string | undefined;
}

interface Created extends Placed {
  /** `USER[:GROUP]` or its parts; absent: left alone, which is root for what is new. */
  readonly owner?: string | Owner | undefined;
  /** Unix nanoseconds; absent: left alone. */
  readonly timestamp?: bigint | undefined;
}

export interface MkdirAction extends Created {
  readonly kind: 'mkdir';
  readonly path: string;
  /** Permission bits; others are dropped. */
  readonly mode: number;
  readonly makeParents?: boolean | undefined;
}

export interface MkfileAction extends Created {
  readonly kind: 'mkfile';
  readonly path: string;
  /** Permission bits; others are dropped. */
  readonly mode: number;
  readonly data: Uint8Array;
}

export interface RmAction extends Placed {
  readonly kind: 'rm';
  readonly path: string;
  readonly allowNotFound?: boolean | undefined;
  readonly allowWildcard?: boolean | undefined;
}

export interface SymlinkAction extends Created {
  readonly kind: 'symlink';
  /** What the link contains, as it is. */
  readonly target: string;
  /** Where the link is made; as it is, not seen from the op's directory. */
  readonly path: string;
}

export interface CopyAction extends Created {
  readonly kind: 'copy';
  /** A result, scratch, or what other actions make within the same op. */
  readonly from: Output | FileChain | undefined;
  readonly src: string;
  /** `/` at the end means a directory, `/.` the contents of one. */
  readonly dest: string;
  /** The directory that a relative `src` is seen from; absent: that of the chain in `from`, else `/`. */
  readonly fromDir?: string | undefined;
  /** Permission bits, or a change to them (`u+x`); absent: as in the source. */
  readonly mode?: number | string | undefined;
  readonly followSymlinks?: boolean | undefined;
  /** The entries of a directory instead of itself. */
  readonly contentsOnly?: boolean | undefined;
  /** Unpack a file that is an archive. */
  readonly unpack?: boolean | undefined;
  readonly createDestPath?: boolean | undefined;
  readonly allowWildcard?: boolean | undefined;
  readonly allowEmptyWildcard?: boolean | undefined;
  readonly includePatterns?: readonly string[] | undefined;
  readonly excludePatterns?: readonly string[] | undefined;
  /** Replace a file by a directory and the other way round. */
  readonly alwaysReplaceExistingDestPaths?: boolean | undefined;
  /** Paths below `src` that must be there. */
  readonly requiredPaths?: readonly string[] | undefined;
}

const none: readonly string[] = [];

/** Capabilities beyond `file.base`. A mode as text has none that engines announce. */
export function fileActionCaps(action: FileAction): readonly string[] {
  switch (action.kind) {
    case 'symlink':
      return ['file.symlink.create'];
    case 'rm':
      return action.allowWildcard === true ? ['file.rm.wildcard'] : none;
    case 'copy':
      return copyCaps(action);
    case 'mkdir':
    case 'mkfile':
      return none;
    default:
      return unknownAction(action);
  }
}

/** A kind that no type allows. */
function unknownAction(action: never): never {
  throw new InvalidOpError(`an action on files can't be ${JSON.stringify(Reflect.get(Object(action), 'kind'))}`);
}

function copyCaps(copy: CopyAction): readonly string[] {
  const filtered = (copy.includePatterns?.length ?? 0) > 0 || (copy.excludePatterns?.length ?? 0) > 0;
  const replaces = copy.alwaysReplaceExistingDestPaths === true;
  const requires = (copy.requiredPaths?.length ?? 0) > 0;
  if (!filtered && !replaces && !requires) return none;
  return [
    ...(filtered ? ['file.copy.includeexcludepatterns'] : []),
    ...(replaces ? ['file.copy.alwaysreplaceexistingdestpaths'] : []),
    ...(requires ? ['file.copy.requiredpaths'] : []),
  ];
}

/** A time that is left as it is. */
const unchanged = -1n;

/** The message of an action whose relative paths are seen from `dir` and whose base is the op's input `base`. */
export function fileActionMessage(
  action: FileAction,
  dir: string,
  base: bigint,
): Immutable<NonNullable<pb.FileAction['action']>> {
  switch (action.kind) {
    case 'mkdir':
      return {
        $case: 'mkdir',
        value: {
          path: absolutePath(dir, action.path),
          mode: modeBits(action),
          makeParents: action.makeParents ?? false,
          owner: ownerMessage(action.owner, base),
          timestamp: action.timestamp ?? unchanged,
        },
      };
    case 'mkfile':
      return {
        $case: 'mkfile',
        value: {
          path: absolutePath(dir, action.path),
          mode: modeBits(action),
          data: fileData(action),
          owner: ownerMessage(action.owner, base),
          timestamp: action.timestamp ?? unchanged,
        },
      };
    case 'rm':
      return {
        $case: 'rm',
        value: {
          path: absolutePath(dir, action.path),
          allowNotFound: action.allowNotFound ?? false,
          allowWildcard: action.allowWildcard ?? false,
        },
      };
    case 'symlink':
      return {
        $case: 'symlink',
        value: {
          oldpath: action.target,
          newpath: action.path,
          owner: ownerMessage(action.owner, base),
          timestamp: action.timestamp ?? unchanged,
        },
      };
    case 'copy':
      return { $case: 'copy', value: copyMessage(action, dir, base) };
  }
}

function copyMessage(copy: CopyAction, dir: string, base: bigint): Immutable<pb.FileActionCopy> {
  const chainDir = copy.from !== undefined && 'actions' in copy.from ? copy.from.dir : undefined;
  const { mode } = copy;
  return {
    src: absolutePath(copy.fromDir ?? chainDir ?? '/', copy.src),
    dest: absoluteTarget(dir, copy.dest),
    // Without a mode -1 keeps the source's; a number is written as it is.
    mode: typeof mode === 'string' ? 0 : checkedMode(mode ?? -1),
    modeStr: typeof mode === 'string' ? mode : '',
    followSymlink: copy.followSymlinks ?? false,
    dirCopyContents: copy.contentsOnly ?? false,
    attemptUnpackDockerCompatibility: copy.unpack ?? false,
    createDestPath: copy.createDestPath ?? false,
    allowWildcard: copy.allowWildcard ?? false,
    allowEmptyWildcard: copy.allowEmptyWildcard ?? false,
    includePatterns: copy.includePatterns ?? [],
    excludePatterns: copy.excludePatterns ?? [],
    alwaysReplaceExistingDestPaths: copy.alwaysReplaceExistingDestPaths ?? false,
    requiredPaths: copy.requiredPaths ?? [],
    owner: ownerMessage(copy.owner, base),
    timestamp: copy.timestamp ?? unchanged,
  };
}

function checkedMode(mode: number): number {
  if (!Number.isInteger(mode) || mode < -(2 ** 31) || mode >= 2 ** 31) {
    throw new InvalidOpError(`a mode of ${mode}`);
  }
  return mode;
}

function modeBits({ kind, path, mode }: MkdirAction | MkfileAction): number {
  if (!Number.isInteger(mode)) {
    throw new InvalidOpError(`the ${kind} of ${path} needs a mode, as 0o755`);
  }
  return mode & permissionBits;
}

function fileData({ path, data }: MkfileAction): Uint8Array {
  if (data instanceof Uint8Array) {
    return data;
  }
  throw new InvalidOpError(`the mkfile of ${path} needs its data as bytes, as Buffer.from(text) gives them`);
}
