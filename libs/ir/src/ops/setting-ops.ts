import type { OpBase, OpId, Text } from './op-base.js';

/** What later commands see. */
export type SettingOp = EnvOp | DirOp | UserOp | ShellOp;

/** A variable that later commands see. */
export interface EnvOp extends OpBase {
  readonly kind: 'env';
  readonly input: OpId;
  readonly key: Text;
  readonly value: Text;
}

/** The working directory of what follows. */
export interface DirOp extends OpBase {
  readonly kind: 'dir';
  readonly input: OpId;
  readonly path: Text;
}

/** The user of later commands. */
export interface UserOp extends OpBase {
  readonly kind: 'user';
  readonly input: OpId;
  readonly name: Text;
}

/** The command that later runs of a single text are given to, in place of `/bin/sh -c`. */
export interface ShellOp extends OpBase {
  readonly kind: 'shell';
  readonly input: OpId;
  readonly args: readonly Text[];
}

/** The image configuration. */
export type ConfigOp = EntrypointOp | CmdOp | LabelOp | ExposeOp | VolumesOp | StopSignalOp;

/** The entrypoint of the image. */
export interface EntrypointOp extends OpBase {
  readonly kind: 'entrypoint';
  readonly input: OpId;
  readonly args: readonly Text[];
}

/** The default command of the image. */
export interface CmdOp extends OpBase {
  readonly kind: 'cmd';
  readonly input: OpId;
  readonly args: readonly Text[];
}

/** A label of the image. */
export interface LabelOp extends OpBase {
  readonly kind: 'label';
  readonly input: OpId;
  readonly key: Text;
  readonly value: Text;
}

/** Ports that the image announces. */
export interface ExposeOp extends OpBase {
  readonly kind: 'expose';
  readonly input: OpId;
  readonly ports: readonly Text[];
}

/** Directories of the image that hold volumes. */
export interface VolumesOp extends OpBase {
  readonly kind: 'volumes';
  readonly input: OpId;
  readonly paths: readonly Text[];
}

/** The signal that stops a container of the image. */
export interface StopSignalOp extends OpBase {
  readonly kind: 'stop-signal';
  readonly input: OpId;
  readonly signal: Text;
}
