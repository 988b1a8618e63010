import type { BuildkitError, ContainerMount, ContainerOptions, MountOwner, ProcessOptions } from '@hlb/buildkit';
import { InvalidOpError, opFromJSON, type Platform } from '@hlb/llb';

/** A command that failed, as a container can take its place. */
export interface FailedCommand {
  readonly args: readonly string[];
  /** Its file systems as it left them; secrets, agents and caches as it had them. */
  readonly container: ContainerOptions;
  /** Its environment, directory and user. */
  readonly process: Omit<ProcessOptions, 'args'>;
}

type OpMessage = ReturnType<typeof opFromJSON>;
type ExecMessage = Extract<NonNullable<OpMessage['op']>, { readonly $case: 'exec' }>['value'];
type MountMessage = ExecMessage['mounts'][number];

/** What an engine tells of the command that failed; `undefined` where something else did, or the engine does not keep its mounts. */
export function failedCommand(error: BuildkitError): FailedCommand | undefined {
  const { solve } = error.details;
  const op = solve?.op === undefined ? undefined : readOp(solve.op);
  if (solve === undefined || op?.op?.$case !== 'exec') return undefined;
  const { meta, mounts, network, security, secretenv } = op.op.value;
  if (meta === undefined || solve.mountIds.length === 0) return undefined;
  const { platform } = op;
  return {
    args: meta.args,
    container: {
      mounts: mounts.map((mount, place) => containerMount(mount, solve.mountIds[place])),
      network: (['sandbox', 'host', 'none'] as const)[network] ?? 'sandbox',
      extraHosts: meta.extraHosts.map(({ Host, IP }) => ({ host: Host, ip: IP })),
      ...(meta.hostname === '' ? {} : { hostname: meta.hostname }),
      ...(platform === undefined ? {} : { platform: readPlatform(platform) }),
    },
    process: {
      env: meta.env,
      cwd: meta.cwd === '' ? '/' : meta.cwd,
      user: meta.user,
      security: security === 1 ? 'insecure' : 'sandbox',
      secretEnv: secretenv.map(({ ID, name, optional }) => ({ id: ID, name, optional })),
    },
  };
}

function readPlatform({ OS, Architecture, Variant }: NonNullable<OpMessage['platform']>): Platform {
  return { os: OS, architecture: Architecture, ...(Variant === '' ? {} : { variant: Variant }) };
}

function readOp(json: unknown): OpMessage | undefined {
  try {
    return opFromJSON(json);
  } catch (error) {
    if (error instanceof InvalidOpError) return undefined;
    throw error;
  }
}

function containerMount(mount: MountMessage, resultId: string | undefined): ContainerMount {
  const path = mount.dest;
  const { cacheOpt, TmpfsOpt, secretOpt, SSHOpt } = mount;
  if (cacheOpt !== undefined) {
    const sharing = (['shared', 'private', 'locked'] as const)[cacheOpt.sharing] ?? 'shared';
    return { kind: 'cache', path, id: cacheOpt.ID, sharing };
  }
  if (TmpfsOpt !== undefined) return { kind: 'tmpfs', path, size: TmpfsOpt.size };
  if (secretOpt !== undefined) return { kind: 'secret', path, ...served(secretOpt) };
  if (SSHOpt !== undefined) return { kind: 'ssh', path, ...served(SSHOpt) };
  return {
    ...{ kind: 'result', path, readonly: mount.readonly, selector: mount.selector },
    resultId: resultId === '' ? undefined : resultId,
  };
}

function served({ ID, uid, gid, mode, optional }: NonNullable<MountMessage['secretOpt']>): {
  readonly id: string;
  readonly owner: MountOwner;
  readonly mode: number;
  readonly optional: boolean;
} {
  return { id: ID, owner: { uid, gid }, mode, optional };
}
