import type * as pb from '@hlb/proto/llb';
import { compareUtf8 } from '../../encoding/utf8-order.js';
import { emptyInput, InputList } from '../../graph/input-list.js';
import { InvalidOpError } from '../../graph/invalid-op.js';
import type { OpOptions } from '../../graph/op-options.js';
import { opVertex } from '../../graph/op-vertex.js';
import type { Immutable, LinuxResources, Output, VertexOf } from '../../graph/vertex.js';
import {
  type ExecMetaOptions,
  environment,
  metaCaps,
  metaMessage,
  type NetworkMode,
  networkModes,
  type SecurityMode,
  securityModes,
} from './exec-meta.js';
import { addMountCaps, type ExecMount, hasOutput, mountMessage, verifyMount } from './exec-mounts.js';
import {
  type ExecSecret,
  type ExecSshSocket,
  secretMessages,
  servedCaps,
  sshMessages,
  sshTargets,
} from './exec-served.js';

export interface ExecOptions extends OpOptions, ExecMetaOptions {
  /** The file system at `/`. */
  readonly base: Output | undefined;
  /** Nothing but mounts can be written; the result at `/` is the base itself. */
  readonly readonlyRoot?: boolean | undefined;
  readonly rootContentCache?: ExecMount['contentCache'];
  readonly mounts?: readonly ExecMount[] | undefined;
  readonly secrets?: readonly ExecSecret[] | undefined;
  readonly ssh?: readonly ExecSshSocket[] | undefined;
  /** The place in `ssh` of the socket that `SSH_AUTH_SOCK` names, or that it names none; absent: the first, as in Go's client. */
  readonly authSocket?: number | 'none' | undefined;
  /** Absent: the sandbox' own. */
  readonly network?: NetworkMode | undefined;
  readonly security?: SecurityMode | undefined;
  /** Devices by CDI name. */
  readonly devices?: readonly { readonly name: string; readonly optional?: boolean }[] | undefined;
  readonly linuxResources?: LinuxResources | undefined;
}

/** A run command and its results. */
export interface Exec {
  readonly vertex: VertexOf<'exec'>;
  /** The file system at `/` afterwards. */
  readonly root: Output | undefined;
  /**
   * A mount's file system afterwards, by its place in the options: what was mounted, if it was read-only.
   *
   * @throws {InvalidOpError} for caches, tmpfs and mounts without output, which give no result
   */
  mount(place: number): Output | undefined;
}

/**
 * Runs a command.
 *
 * @throws {InvalidOpError} without arguments or directory, and for mounts that can't be
 */
export function exec(options: ExecOptions): Exec {
  const root: ExecMount = {
    dest: '/',
    source: options.base,
    readonly: options.readonlyRoot,
    contentCache: options.rootContentCache,
  };
  const given = options.mounts === undefined ? [root] : [root, ...options.mounts];
  given.forEach(verifyMount);
  const sorted = inOrder(given);
  const inputs = new InputList();
  const outputs: ExecMount[] = [];
  const mounts = sorted.map((mount) => {
    const input = inputs.add(mount.source);
    const output = hasOutput(mount) ? BigInt(outputs.push(mount) - 1) : emptyInput;
    return mountMessage(mount, input, output);
  });
  const vertex = opVertex(
    'exec',
    { $case: 'exec', value: execMessage(options, mounts) },
    options,
    execCaps(options, given),
    inputs.outputs,
    { linuxResources: options.linuxResources },
  );
  const result = (mount: ExecMount): Output | undefined => {
    if (mount.readonly === true) {
      return mount.source;
    }
    const index = outputs.indexOf(mount);
    if (index === -1) {
      throw new InvalidOpError(`the mount at ${mount.dest} has no result`);
    }
    return { vertex, index };
  };
  return {
    vertex,
    root: result(root),
    mount(place: number): Output | undefined {
      const mount = options.mounts?.[place];
      if (mount === undefined) {
        throw new InvalidOpError(`there is no mount ${place}`);
      }
      return result(mount);
    },
  };
}

/** The mounts by where they are. The root stands first already, and with it most commands have one or two. */
function inOrder(mounts: readonly ExecMount[]): readonly ExecMount[] {
  const [, first, second] = mounts;
  if (first === undefined || (second === undefined && compareUtf8(first.dest, '/') >= 0)) return mounts;
  return mounts.toSorted((a, b) => compareUtf8(a.dest, b.dest));
}

function execMessage(options: ExecOptions, mounts: Immutable<pb.Mount[]>): Immutable<pb.ExecOp> {
  const targets = sshTargets(options.ssh ?? []);
  const secrets = secretMessages(options.secrets ?? []);
  const served = [...secrets.mounts, ...sshMessages(options.ssh ?? [], targets)];
  return {
    meta: metaMessage(
      options,
      environment(options.env ?? [], options.authSocket === 'none' ? undefined : targets[options.authSocket ?? 0]),
    ),
    mounts: served.length === 0 ? mounts : [...mounts, ...served],
    network: networkModes[options.network ?? 'sandbox'],
    security: securityModes[options.security ?? 'sandbox'],
    secretenv: secrets.variables,
    cdiDevices: (options.devices ?? []).map(({ name, optional }) => ({ name, optional: optional ?? false })),
  };
}

function execCaps(options: ExecOptions, mounts: readonly ExecMount[]): readonly string[] {
  const caps = ['exec.meta.base'];
  caps.push(...metaCaps(options));
  for (const mount of mounts) addMountCaps(mount, caps);
  caps.push(...servedCaps(options.secrets ?? [], options.ssh ?? []));
  if ((options.network ?? 'sandbox') !== 'sandbox') caps.push('exec.meta.network');
  if ((options.security ?? 'sandbox') !== 'sandbox') caps.push('exec.meta.security');
  if ((options.devices?.length ?? 0) > 0) caps.push('exec.meta.cdi');
  if (options.linuxResources !== undefined) caps.push('exec.meta.linux.resources');
  return caps;
}
