import type { Platform } from '@hlb/llb';
import {
  LLBBridgeService,
  type NewContainerRequest,
  type NewContainerResponse,
  type ReleaseContainerRequest,
  type ReleaseContainerResponse,
} from '@hlb/proto/gateway';
import { type Mount, MountContentCache, MountType, NetMode } from '@hlb/proto/llb';
import { checkArguments, type Form, optional, SIGNAL, TEXT } from '../arguments/forms.js';
import type { Capabilities } from '../capabilities/capabilities.js';
import { newRef } from '../control/start-solve.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import type { GrpcChannel } from '../grpc/channel.js';
import type { Metadata } from '../grpc/metadata.js';
import type { FileEntry, FileOwner, FileRange, GatewayFiles } from './files.js';
import { eitherOf, type GatewayCall } from './gateway-call.js';
import { FILE_RANGE, PROCESS_OPTIONS } from './gateway-forms.js';
import { ContainerProcess, type ProcessOptions } from './process.js';
import { platformMessage } from './sources.js';

/** What a container has at a path. */
export type ContainerMount =
  /** A result, or what a failed op had there: an id of `FailedSolve`. Changes are lost with the container. */
  | {
      readonly kind: 'result';
      readonly path: string;
      /** `undefined` for an empty directory. */
      readonly resultId: string | undefined;
      readonly selector?: string;
      readonly readonly?: boolean;
    }
  | {
      readonly kind: 'cache';
      readonly path: string;
      readonly id: string;
      readonly sharing?: 'shared' | 'private' | 'locked';
    }
  | { readonly kind: 'tmpfs'; readonly path: string; readonly size?: bigint }
  | {
      readonly kind: 'secret';
      readonly path: string;
      readonly id: string;
      readonly optional?: boolean;
      /** 0400 where absent. */
      readonly mode?: number;
      readonly owner?: MountOwner;
    }
  | {
      readonly kind: 'ssh';
      readonly path: string;
      readonly id: string;
      readonly optional?: boolean;
      /** 0600 where absent. */
      readonly mode?: number;
      readonly owner?: MountOwner;
    };

/** Whose a mounted secret or socket is, by number; root's where absent. */
export interface MountOwner {
  readonly uid: number;
  readonly gid: number;
}

export interface ContainerOptions {
  /** One of them is a result at `/`. */
  readonly mounts: readonly ContainerMount[];
  readonly network?: 'sandbox' | 'host' | 'none';
  readonly platform?: Platform;
  readonly hostname?: string;
  /** The workers that may run it, by their labels: `label.…==…`. */
  readonly workerFilter?: readonly string[];
  readonly extraHosts?: readonly { readonly host: string; readonly ip: string }[];
}

/** What a container needs of its build. */
export interface ContainerHost {
  readonly channel: GrpcChannel;
  readonly request: GatewayCall;
  readonly metadata: Metadata;
  readonly caps: Capabilities;
  readonly files: GatewayFiles;
  /** Of the build. */
  readonly signal: AbortSignal;
}

const NETWORKS = { sandbox: NetMode.UNSET, host: NetMode.HOST, none: NetMode.NONE } as const;
const SHARING = { shared: 0, private: 1, locked: 2 } as const;

/** A container in a build. The first process is its init: the others end with it. */
export class Container {
  readonly id: string;
  readonly #host: ContainerHost;
  readonly #mounts: readonly string[];
  readonly #processes = new Set<ContainerProcess>();

  private constructor(id: string, host: ContainerHost, mounts: readonly string[]) {
    this.id = id;
    this.#host = host;
    this.#mounts = mounts;
  }

  /** Makes one, in which nothing runs yet. */
  static async create(host: ContainerHost, options: ContainerOptions, signal?: AbortSignal): Promise<Container> {
    if (!options.mounts.some(({ kind, path }) => kind === 'result' && path === '/')) {
      throw new TypeError('a container needs mounts, with a result at /');
    }
    if ((options.extraHosts ?? []).length > 0)
      host.caps.require('gateway.exec.extrahosts', "a container's extra hosts");
    // Letters and digits: engines refuse others.
    const id = newRef();
    await host.request<NewContainerRequest, NewContainerResponse>(
      LLBBridgeService.newContainer,
      {
        ContainerID: id,
        Mounts: options.mounts.map(mountMessage),
        Network: NETWORKS[options.network ?? 'sandbox'],
        platform: platformMessage(options.platform),
        constraints: options.workerFilter === undefined ? undefined : { filter: [...options.workerFilter] },
        extraHosts: (options.extraHosts ?? []).map(({ host: Host, ip: IP }) => ({ Host, IP })),
        hostname: options.hostname ?? '',
      },
      signal,
    );
    const paths = options.mounts.map(({ path }) => path);
    return new Container(id, host, paths);
  }

  /**
   * Runs a command. Its output must be read, or it stops when a buffer is full.
   * @param signal gives the process up, as its `disconnect` does: its `exit` rejects with the signal's reason, and it ends with the
   *   container
   */
  async start(options: ProcessOptions, signal?: AbortSignal): Promise<ContainerProcess> {
    checkArguments('start', { options: [options, PROCESS_OPTIONS], signal: [signal, optional(SIGNAL)] });
    const { channel, metadata, caps, signal: build } = this.#host;
    if ((options.secretEnv ?? []).length > 0) {
      caps.require('gateway.exec.secretenv', 'a secret in the environment of a process');
    }
    const process = await ContainerProcess.start(
      { channel, metadata, caps },
      this.id,
      options,
      eitherOf(build, signal),
    );
    this.#processes.add(process);
    process.exit.then(
      () => this.#processes.delete(process),
      () => this.#processes.delete(process),
    );
    return process;
  }

  /**
   * The content of a file as it is now in one of its mounts (engines from 0.27), with what its processes have written.
   * @param mount where it is mounted; paths are inside of it
   */
  async readFile(mount: string, path: string, range?: FileRange, signal?: AbortSignal): Promise<Uint8Array> {
    checkFile('readFile', mount, path, { range: [range, optional(FILE_RANGE)] }, signal);
    return this.#host.files.read(this.#mountAt(mount), path, range, signal);
  }

  /** What is in a directory of a mount, not deeper (engines from 0.27). */
  async readDir(mount: string, path: string, pattern?: string, signal?: AbortSignal): Promise<readonly FileEntry[]> {
    checkFile('readDir', mount, path, { pattern: [pattern, optional(TEXT)] }, signal);
    return this.#host.files.list(this.#mountAt(mount), path, pattern, signal);
  }

  /** A file of a mount (engines from 0.27). */
  async statFile(mount: string, path: string, signal?: AbortSignal): Promise<FileEntry> {
    checkFile('statFile', mount, path, {}, signal);
    return this.#host.files.stat(this.#mountAt(mount), path, signal);
  }

  #mountAt(path: string): FileOwner {
    this.#host.caps.require('gateway.exec.filesystem', 'reading the files of a container');
    const mount = this.#mounts.indexOf(path);
    if (mount >= 0) return { kind: 'container', id: this.id, mount };
    throw new BuildkitError(`the container has nothing mounted at ${path}`, { code: 'NOT_FOUND' });
  }

  /** Ends all of its processes, and removes it. */
  async release(signal?: AbortSignal): Promise<void> {
    checkArguments('release', { signal: [signal, optional(SIGNAL)] });
    for (const process of this.#processes) process.disconnect();
    try {
      await this.#host.request<ReleaseContainerRequest, ReleaseContainerResponse>(
        LLBBridgeService.releaseContainer,
        { ContainerID: this.id },
        signal,
      );
    } catch (error) {
      // The engine answers with how its processes ended, or that they were cancelled; engines before 0.11 in words alone.
      const told =
        error instanceof BuildkitError && (error.details.exitCode !== undefined || ENDED.test(error.message));
      if (!told) throw error;
    }
  }

  /** As {@link release}: `await using container = await gateway.newContainer(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

/** What the calls for a file take. */
function checkFile(
  name: string,
  mount: unknown,
  path: unknown,
  given: Readonly<Record<string, readonly [unknown, Form]>>,
  signal: unknown,
): void {
  checkArguments(name, { mount: [mount, TEXT], path: [path, TEXT], ...given, signal: [signal, optional(SIGNAL)] });
}

const ENDED = /^(?:exit code: \d+|context canceled$)/;

function mountMessage(mount: ContainerMount): Mount {
  const base: Mount = {
    input: -1n,
    selector: '',
    dest: mount.path,
    output: -1n,
    readonly: false,
    mountType: MountType.BIND,
    TmpfsOpt: undefined,
    cacheOpt: undefined,
    secretOpt: undefined,
    SSHOpt: undefined,
    resultID: '',
    contentCache: MountContentCache.DEFAULT,
  };
  switch (mount.kind) {
    case 'result':
      return {
        ...base,
        resultID: mount.resultId ?? '',
        selector: mount.selector ?? '',
        readonly: mount.readonly ?? false,
      };
    case 'cache':
      return {
        ...base,
        mountType: MountType.CACHE,
        cacheOpt: { ID: mount.id, sharing: SHARING[mount.sharing ?? 'shared'] },
      };
    case 'tmpfs':
      return { ...base, mountType: MountType.TMPFS, TmpfsOpt: { size: mount.size ?? 0n } };
    case 'secret':
      return {
        ...base,
        mountType: MountType.SECRET,
        secretOpt: servedMessage(mount, 0o400),
      };
    case 'ssh':
      return {
        ...base,
        mountType: MountType.SSH,
        SSHOpt: servedMessage(mount, 0o600),
      };
    default:
      return unreachable(mount);
  }
}

function servedMessage(
  { id: ID, owner, mode, optional = false }: Extract<ContainerMount, { readonly kind: 'secret' | 'ssh' }>,
  usualMode: number,
): NonNullable<Mount['secretOpt']> {
  return { ID, uid: owner?.uid ?? 0, gid: owner?.gid ?? 0, mode: mode ?? usualMode, optional };
}

function unreachable(value: never): never {
  throw new TypeError(`unknown mount ${JSON.stringify(value)}`);
}
