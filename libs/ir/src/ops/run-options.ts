import type { Span } from '@hlb/diagnostics';
import type { OpId, Origin, Text } from './op-base.js';

/** Where an option comes from, for diagnostics; no part of what it means. */
export interface OptionPlace {
  /** The option's call. */
  readonly at?: Span;
  /** The call around the option's, with those around it, where that is not the run. */
  readonly caller?: Origin;
}

/** What `with` says of a run, in the order of the program. */
export type RunOption = (
  | { readonly kind: 'readonly-rootfs' }
  | { readonly kind: 'shlex' }
  | { readonly kind: 'env'; readonly key: Text; readonly value: Text }
  | { readonly kind: 'dir'; readonly path: Text }
  | { readonly kind: 'user'; readonly name: Text }
  /** `nonce` differs between any two evaluations, so that such runs are never shared. */
  | { readonly kind: 'ignore-cache'; readonly nonce: number }
  | { readonly kind: 'network'; readonly mode: Text }
  | { readonly kind: 'security'; readonly mode: Text }
  | { readonly kind: 'host'; readonly name: Text; readonly address: Text }
  | SshOption
  | ForwardOption
  | SecretOption
  | MountOption
) &
  OptionPlace;

/** Owner and permissions of what is mounted; absent ones are the engine's. */
export interface MountAttributes {
  readonly uid: bigint | undefined;
  readonly gid: bigint | undefined;
  readonly mode: bigint | undefined;
}

/** A socket of an SSH agent. */
export interface SshOption extends MountAttributes, OptionPlace {
  readonly kind: 'ssh';
  readonly target: Text | undefined;
  readonly localPaths: readonly Text[];
  readonly base: string;
}

/** A socket whose connections are forwarded to this host. */
export interface ForwardOption extends MountAttributes, OptionPlace {
  readonly kind: 'forward';
  readonly source: Text;
  readonly target: Text;
  readonly base: string;
}

/** A file of this host, or each file of a directory, that stays out of the result. */
export interface SecretOption extends MountAttributes, OptionPlace {
  readonly kind: 'secret';
  readonly localPath: Text;
  readonly target: Text;
  readonly include: readonly Text[];
  readonly exclude: readonly Text[];
  readonly base: string;
}

/** A file system at a place of the tree. */
export interface MountOption extends OptionPlace {
  readonly kind: 'mount';
  readonly input: OpId;
  readonly target: Text;
  readonly readonly: boolean;
  readonly tmpfs: boolean;
  readonly sourcePath: Text | undefined;
  readonly cache: { readonly id: Text; readonly sharing: Text } | undefined;
  /** The program has a name for what the command leaves there. No part of what it means. */
  readonly named: boolean;
}
