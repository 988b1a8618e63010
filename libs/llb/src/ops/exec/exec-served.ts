import * as pb from '@hlb/proto/llb';
import { emptyInput } from '../../graph/input-list.js';
import { InvalidOpError } from '../../graph/invalid-op.js';

interface Served {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** Whether the command runs if the session does not have it. */
  readonly optional?: boolean | undefined;
}

/** A secret of the session, as a file, an environment variable, or both. */
export type ExecSecret = Served & {
  /** Absent: the file, else the variable. */
  readonly id?: string | undefined;
} & (
    | {
        /** Path of the file, with mode 0400 unless given. */
        readonly target: string;
        /** Name of the variable. */
        readonly env?: string | undefined;
      }
    | {
        readonly target?: string | undefined;
        readonly env: string;
      }
  );

/** A socket that leads to an agent of the session, with mode 0600 unless given. */
export interface ExecSshSocket extends Served {
  /** Absent or empty: the default agent. */
  readonly id?: string | undefined;
  /** Absent or empty: `/run/buildkit/ssh_agent.N` for the N-th socket, from 0. */
  readonly target?: string | undefined;
}

const secretMode = 0o400;
const socketMode = 0o600;

/** @throws {InvalidOpError} for a secret that is neither file nor variable */
export function secretMessages(secrets: readonly ExecSecret[]): { mounts: pb.Mount[]; variables: pb.SecretEnv[] } {
  const mounts: pb.Mount[] = [];
  const variables: pb.SecretEnv[] = [];
  for (const secret of secrets) {
    const { target, env } = secret;
    const ID = secret.id ?? target ?? env;
    if (ID === undefined || (target === undefined && env === undefined)) {
      throw new InvalidOpError('a secret needs a file or a variable');
    }
    if (env !== undefined) {
      variables.push({ ID, name: env, optional: secret.optional ?? false });
    }
    if (target !== undefined) {
      const secretOpt = servedMessage(ID, secret, secretMode);
      mounts.push({ ...servedMount(target), mountType: pb.MountType.SECRET, secretOpt });
    }
  }
  return { mounts, variables };
}

/** Where the sockets are, in their order. */
export function sshTargets(sockets: readonly ExecSshSocket[]): readonly string[] {
  return sockets.map(({ target = '' }, place) => (target === '' ? `/run/buildkit/ssh_agent.${place}` : target));
}

export function sshMessages(sockets: readonly ExecSshSocket[], targets: readonly string[]): pb.Mount[] {
  return sockets.map((socket, place) => ({
    ...servedMount(targets[place] ?? ''),
    mountType: pb.MountType.SSH,
    SSHOpt: servedMessage(socket.id ?? '', socket, socketMode),
  }));
}

export function servedCaps(secrets: readonly ExecSecret[], sockets: readonly ExecSshSocket[]): readonly string[] {
  return [
    ...(secrets.length === 0 ? [] : ['exec.mount.secret']),
    ...(secrets.some((secret) => secret.env !== undefined) ? ['exec.secretenv'] : []),
    ...(sockets.length === 0 ? [] : ['exec.mount.ssh']),
  ];
}

function servedMessage(ID: string, served: Served, mode: number): pb.SecretOpt {
  return {
    ID,
    uid: served.uid ?? 0,
    gid: served.gid ?? 0,
    mode: served.mode ?? mode,
    optional: served.optional ?? false,
  };
}

/** Such a mount has no input, and an output of 0, which is absent on the wire and means nothing. */
function servedMount(dest: string): pb.Mount {
  return {
    input: emptyInput,
    selector: '',
    dest,
    output: 0n,
    readonly: false,
    mountType: pb.MountType.BIND,
    TmpfsOpt: undefined,
    cacheOpt: undefined,
    secretOpt: undefined,
    SSHOpt: undefined,
    resultID: '',
    contentCache: pb.MountContentCache.DEFAULT,
  };
}
