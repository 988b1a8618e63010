import * as pb from '@hlb/proto/llb';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { Output } from '../../graph/vertex.js';

interface Mounted {
  readonly dest: string;
  /** A path in the source that is mounted instead of all of it. */
  readonly selector?: string | undefined;
  readonly readonly?: boolean | undefined;
  /** Can be written, but nobody takes the result. */
  readonly noOutput?: boolean | undefined;
  /** A directory that is kept between builds; with an empty id, under the name of `dest`. A tmpfs is none, whatever stands here. */
  readonly cache?: { readonly id: string; readonly sharing?: 'shared' | 'private' | 'locked' | undefined } | undefined;
  /** Whether the source's content, not its history, is what the cache of the command depends on. Absent: where that is safe. */
  readonly contentCache?: 'on' | 'off' | undefined;
}

interface SourceMount extends Mounted {
  /** What is mounted, or what a cache starts from; scratch where absent. */
  readonly source?: Output | undefined;
  readonly tmpfs?: undefined;
}

/** Nothing is in it from the start. */
interface TmpfsMount extends Mounted {
  readonly source?: undefined;
  /** Memory; size in bytes, 0 and absent are unlimited. */
  readonly tmpfs: { readonly size?: bigint | undefined };
}

/** Something mounted while a command runs. Without `cache` and `tmpfs` it is a bind mount. */
export type ExecMount = SourceMount | TmpfsMount;

const sharingOptions = {
  shared: pb.CacheSharingOpt.SHARED,
  private: pb.CacheSharingOpt.PRIVATE,
  locked: pb.CacheSharingOpt.LOCKED,
} as const;

/** @throws {InvalidOpError} for what engines refuse */
export function verifyMount(mount: ExecMount): void {
  const { dest, source, tmpfs } = mount;
  if (dest === '') {
    throw new InvalidOpError('a mount needs a destination');
  }
  if (tmpfs !== undefined && source !== undefined) {
    throw new InvalidOpError(`the tmpfs at ${dest} can't have content from the start`);
  }
  const written = hasOutput(mount) && (mount.selector ?? '') !== '';
  if (mount.contentCache === 'on' && written) {
    throw new InvalidOpError(`the mount at ${dest} has a selector and an output, so its content can't be cached on`);
  }
}

/** Whether an output of the op holds what becomes of the mount. */
export function hasOutput(mount: ExecMount): boolean {
  const kept = mount.readonly !== true && mount.noOutput !== true;
  return kept && mount.cache === undefined && mount.tmpfs === undefined;
}

export function mountMessage(mount: ExecMount, input: bigint, output: bigint): pb.Mount {
  const { cache, tmpfs } = mount;
  return {
    input,
    selector: mount.selector ?? '',
    dest: mount.dest,
    output,
    readonly: mount.readonly ?? false,
    mountType: mountType(mount),
    TmpfsOpt: tmpfs && { size: tmpfs.size ?? 0n },
    cacheOpt: cache && { ID: cache.id, sharing: sharingOptions[cache.sharing ?? 'shared'] },
    secretOpt: undefined,
    SSHOpt: undefined,
    resultID: '',
    contentCache: contentCache(mount.contentCache),
  };
}

/** Adds what an engine must know for a mount. */
export function addMountCaps(mount: ExecMount, caps: string[]): void {
  if ((mount.selector ?? '') !== '') {
    caps.push('exec.mount.selector');
  }
  if (mount.cache !== undefined) {
    caps.push('exec.mount.cache', 'exec.mount.cache.sharing');
  } else if (mount.tmpfs !== undefined) {
    caps.push('exec.mount.tmpfs');
    if ((mount.tmpfs.size ?? 0n) > 0n) {
      caps.push('exec.mount.tmpfs.size');
    }
  } else if (mount.source !== undefined) {
    caps.push('exec.mount.bind');
  }
  if (mount.contentCache !== undefined) {
    caps.push('exec.mount.cache.content');
  }
}

function mountType(mount: ExecMount): pb.MountType {
  if (mount.tmpfs !== undefined) {
    return pb.MountType.TMPFS;
  }
  return mount.cache === undefined ? pb.MountType.BIND : pb.MountType.CACHE;
}

function contentCache(choice: ExecMount['contentCache']): pb.MountContentCache {
  switch (choice) {
    case 'on':
      return pb.MountContentCache.ON;
    case 'off':
      return pb.MountContentCache.OFF;
    case undefined:
      return pb.MountContentCache.DEFAULT;
  }
}
