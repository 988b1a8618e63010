import * as pb from '@hlb/proto/llb';
import { checkList, checkText } from '../../graph/check-form.js';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { Immutable } from '../../graph/vertex.js';

/** The process that a command is. */
export interface ExecMetaOptions {
  readonly args: readonly string[];
  /** In order; a name that is set again moves to the end. */
  readonly env?: Iterable<readonly [name: string, value: string]> | undefined;
  /** The working directory. */
  readonly cwd: string;
  readonly user?: string | undefined;
  /** Not part of what the command's cache depends on. */
  readonly proxyEnv?: ProxyEnv | undefined;
  readonly extraHosts?: readonly { readonly host: string; readonly ip: string }[] | undefined;
  readonly hostname?: string | undefined;
  readonly ulimits?: readonly Ulimit[] | undefined;
  readonly cgroupParent?: string | undefined;
  /** Exit codes that are no failure; absent: 0. */
  readonly validExitCodes?: readonly number[] | undefined;
}

export interface ProxyEnv {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly ftpProxy?: string | undefined;
  readonly noProxy?: string | undefined;
  readonly allProxy?: string | undefined;
}

export interface Ulimit {
  readonly name: UlimitName;
  readonly soft: bigint;
  readonly hard: bigint;
}

export type UlimitName =
  | 'core'
  | 'cpu'
  | 'data'
  | 'fsize'
  | 'locks'
  | 'memlock'
  | 'msgqueue'
  | 'nice'
  | 'nofile'
  | 'nproc'
  | 'rss'
  | 'rtprio'
  | 'rttime'
  | 'sigpending'
  | 'stack';

export type NetworkMode = 'sandbox' | 'host' | 'none';

export type SecurityMode = 'sandbox' | 'insecure';

export const networkModes: { readonly [Mode in NetworkMode]: pb.NetMode } = {
  sandbox: pb.NetMode.UNSET,
  host: pb.NetMode.HOST,
  none: pb.NetMode.NONE,
};

export const securityModes: { readonly [Mode in SecurityMode]: pb.SecurityMode } = {
  sandbox: pb.SecurityMode.SANDBOX,
  insecure: pb.SecurityMode.INSECURE,
};

/**
 * The variables as `NAME=VALUE`, with the agent's socket at the end if there is one and the variable is not set.
 *
 * @throws {InvalidOpError} for a plain object
 */
export function environment(
  variables: Iterable<readonly [name: string, value: string]>,
  sshSocket: string | undefined,
): string[] {
  if (typeof variables[Symbol.iterator] !== 'function' || typeof variables === 'string') {
    throw new InvalidOpError('the environment of a command must be a list of names and values, or a Map');
  }
  if (Array.isArray(variables) && variables.length === 0 && sshSocket === undefined) return [];
  const values = new Map<string, string>();
  for (const [name, value] of variables) {
    values.delete(name);
    values.set(name, value);
  }
  if (sshSocket !== undefined && !values.has('SSH_AUTH_SOCK')) {
    values.set('SSH_AUTH_SOCK', sshSocket);
  }
  return [...values].map(([name, value]) => `${name}=${value}`);
}

/** @throws {InvalidOpError} without arguments or directory */
export function metaMessage(options: ExecMetaOptions, env: readonly string[]): Immutable<pb.Meta> {
  checkList(options.args, 'the arguments of a command');
  if (options.args.length === 0) {
    throw new InvalidOpError('a command needs arguments');
  }
  checkText(options.cwd, 'the working directory of a command');
  if (options.cwd === '') {
    throw new InvalidOpError('a command needs a working directory');
  }
  const { proxyEnv } = options;
  return {
    args: options.args,
    env,
    cwd: options.cwd,
    user: options.user ?? '',
    proxyEnv: proxyEnv && {
      httpProxy: proxyEnv.httpProxy ?? '',
      httpsProxy: proxyEnv.httpsProxy ?? '',
      ftpProxy: proxyEnv.ftpProxy ?? '',
      noProxy: proxyEnv.noProxy ?? '',
      allProxy: proxyEnv.allProxy ?? '',
    },
    extraHosts: (options.extraHosts ?? []).map(({ host, ip }) => ({ Host: host, IP: ip })),
    hostname: options.hostname ?? '',
    ulimit: (options.ulimits ?? []).map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    cgroupParent: options.cgroupParent ?? '',
    // What BuildKit's own client always writes.
    removeMountStubsRecursive: true,
    validExitCodes: options.validExitCodes ?? [],
  };
}

export function metaCaps(options: ExecMetaOptions): readonly string[] {
  return [
    ...(options.proxyEnv === undefined ? [] : ['exec.meta.proxyenv']),
    ...((options.ulimits?.length ?? 0) === 0 ? [] : ['exec.meta.ulimit']),
    ...(options.validExitCodes === undefined ? [] : ['exec.validexitcode']),
  ];
}
