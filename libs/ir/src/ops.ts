import type { Span } from '@hlb/diagnostics';

/**
 * The ops of the IR. A module holds them in a list in which every op stands after its operands; an `OpId` is a place in that
 * list. Values are of type `fs` or `string`; numbers and truth values are known when a program has been elaborated, so they are
 * attributes. Everything generic goes through `operands` and `mapOperands`.
 */
export type OpId = number & { readonly __brand: 'OpId' };

/**
 * Where an op comes from: the name of the call that made it, and the calls around that, innermost first. LLB source locations
 * and backtraces are made of it.
 */
export interface Origin {
  readonly span: Span;
  readonly caller: Origin | undefined;
}

/** A text: known, or the string value of an op. */
export interface Text {
  readonly text: string | OpId;
  /** The argument that gave it, for diagnostics; no part of the op's meaning. */
  readonly at?: Span;
}

interface OpBase {
  /**
   * The calls that made it; several after ops were shared. Empty for what was inserted without a call of its own. No part of
   * the op's meaning.
   */
  readonly origins: readonly Origin[];
}

/** Any op, told apart by its `kind`. */
export type Op = FsOp | StringOp;
/** The names of all ops. */
export type OpKind = Op['kind'];

/** Ops that yield a file system with the settings and the image config that travel with it. */
export type FsOp = SourceOp | ChangeOp | SettingOp | ConfigOp | OutputOp;

/** What a file system starts from. */
export type SourceOp = ScratchOp | ImageOp | HttpOp | GitOp | LocalOp | FrontendOp | DefinitionOp;

/** The empty file system. */
export interface ScratchOp extends OpBase {
  readonly kind: 'scratch';
}

/** The root file system of an image, with its configuration. */
export interface ImageOp extends OpBase {
  readonly kind: 'image';
  readonly ref: Text;
  readonly platform: { readonly os: Text; readonly arch: Text } | undefined;
}

/** A file that an HTTP server gives. */
export interface HttpOp extends OpBase {
  readonly kind: 'http';
  readonly url: Text;
  readonly checksum: Text | undefined;
  /** Permission bits; 0 is as if not given. */
  readonly chmod: bigint | undefined;
  readonly filename: Text | undefined;
}

/** A commit of a Git repository. */
export interface GitOp extends OpBase {
  readonly kind: 'git';
  readonly remote: Text;
  readonly ref: Text;
  readonly keepGitDir: boolean;
}

/** A directory or a file of this host. */
export interface LocalOp extends OpBase {
  readonly kind: 'local';
  /** As written: absolute, below `~`, or relative to `base`. */
  readonly path: Text;
  /** The directory of the module that says so, relative to the current directory or absolute; `.` for the current directory. */
  readonly base: string;
  readonly include: readonly Text[];
  readonly exclude: readonly Text[];
  /**
   * Which state of the directory it reads: 0 before any ordered output or command on this host, then counting. Locals of
   * different generations are never one.
   */
  readonly generation: number;
  /** What the host has there, once asked (`local-path` facts); passes that compare directories need it. */
  readonly resolved: ResolvedLocal | undefined;
}

/** What the host has where a local points. */
export interface ResolvedLocal {
  readonly kind: 'directory' | 'file';
  /** Absolute, links followed; of a file those of its directory, since the file is sent by its name. */
  readonly realPath: string;
}

/** What a frontend of the engine makes of its inputs. */
export interface FrontendOp extends OpBase {
  readonly kind: 'frontend';
  /** An image, or the engine's own `dockerfile.v0`. */
  readonly source: Text;
  /** In order; of equal keys the last counts. */
  readonly opts: readonly { readonly key: Text; readonly value: Text }[];
  readonly inputs: readonly { readonly key: Text; readonly value: OpId }[];
}

/** LLB from elsewhere, kept as it is (a frontend's result). */
export interface DefinitionOp extends OpBase {
  readonly kind: 'definition';
  /** Encoded ops, the terminal one last; empty for scratch. */
  readonly def: readonly Uint8Array[];
  /** The image config that came with it, as JSON; empty for none. */
  readonly config: string;
}

/** What changes the files of a file system. */
export type ChangeOp = RunOp | CopyOp | MkdirOp | MkfileOp | RmOp | MergeOp | DiffOp;

/** What a command leaves. */
export interface RunOp extends OpBase {
  readonly kind: 'run';
  readonly input: OpId;
  readonly args: readonly Text[];
  /** In the order of the program: mount order and read-only shims depend on it. */
  readonly options: readonly RunOption[];
  /** The value that it gives: its root, or the mount at this place of `options`. */
  readonly result: 'root' | number;
  /** Mounts that the command leaves a result of beside this one, by their places: other ops give these. No part of what it means. */
  readonly keeps: readonly number[];
}

/** What `with` says of a run, in the order of the program. */
export type RunOption =
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
  | MountOption;

/** Owner and permissions of what is mounted; absent ones are the engine's. */
export interface MountAttributes {
  readonly uid: bigint | undefined;
  readonly gid: bigint | undefined;
  readonly mode: bigint | undefined;
}

/** A socket of an SSH agent. */
export interface SshOption extends MountAttributes {
  readonly kind: 'ssh';
  readonly target: Text | undefined;
  readonly localPaths: readonly Text[];
  readonly base: string;
  /** The option's call, for diagnostics. */
  readonly at?: Span;
}

/** A socket whose connections are forwarded to this host. */
export interface ForwardOption extends MountAttributes {
  readonly kind: 'forward';
  readonly source: Text;
  readonly target: Text;
  readonly base: string;
  readonly at?: Span;
}

/** A file of this host, or each file of a directory, that stays out of the result. */
export interface SecretOption extends MountAttributes {
  readonly kind: 'secret';
  readonly localPath: Text;
  readonly target: Text;
  readonly include: readonly Text[];
  readonly exclude: readonly Text[];
  readonly base: string;
  readonly at?: Span;
}

/** A file system at a place of the tree. */
export interface MountOption {
  readonly kind: 'mount';
  readonly input: OpId;
  readonly target: Text;
  readonly readonly: boolean;
  readonly tmpfs: boolean;
  readonly sourcePath: Text | undefined;
  readonly cache: { readonly id: Text; readonly sharing: Text } | undefined;
  /** The program has a name for what the command leaves there. No part of what it means. */
  readonly named: boolean;
  readonly at?: Span;
}

interface FileOpBase extends OpBase {
  /** The change of files that follows is made in one vertex with this one. No part of what it means. */
  readonly continued: boolean;
}

/** Files of another file system added. */
export interface CopyOp extends FileOpBase {
  readonly kind: 'copy';
  readonly input: OpId;
  readonly source: OpId;
  readonly src: Text;
  readonly dst: Text;
  readonly followSymlinks: boolean;
  readonly contentsOnly: boolean;
  readonly unpack: boolean;
  readonly createDestPath: boolean;
  readonly allowWildcard: boolean;
  readonly allowEmptyWildcard: boolean;
  readonly chown: Text | undefined;
  readonly chmod: bigint | undefined;
  /** RFC 3339. */
  readonly createdTime: Text | undefined;
  readonly include: readonly Text[];
  readonly exclude: readonly Text[];
  /** Copied onto nothing, and the result laid over the input, so that neither waits for the other. */
  readonly link: boolean;
}

/** A directory added. */
export interface MkdirOp extends FileOpBase {
  readonly kind: 'mkdir';
  readonly input: OpId;
  readonly path: Text;
  readonly mode: bigint;
  readonly createParents: boolean;
  readonly chown: Text | undefined;
  readonly createdTime: Text | undefined;
}

/** A file added. */
export interface MkfileOp extends FileOpBase {
  readonly kind: 'mkfile';
  readonly input: OpId;
  readonly path: Text;
  readonly mode: bigint;
  readonly content: Text;
  readonly chown: Text | undefined;
  readonly createdTime: Text | undefined;
}

/** A file or a directory removed. */
export interface RmOp extends FileOpBase {
  readonly kind: 'rm';
  readonly input: OpId;
  readonly path: Text;
  readonly allowNotFound: boolean;
  readonly allowWildcard: boolean;
}

/** File systems laid over each other. */
export interface MergeOp extends OpBase {
  readonly kind: 'merge';
  /** The current value first. */
  readonly inputs: readonly OpId[];
}

/** What changed between two file systems. */
export interface DiffOp extends OpBase {
  readonly kind: 'diff';
  readonly base: OpId;
  readonly input: OpId;
}

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

/**
 * What leaves the build. An output gives its input on, ordered after the output: whoever reads its value waits for it. Every
 * evaluated output is listed in `IrModule.outputs`.
 */
export type OutputOp = DownloadOp | DownloadImageOp | DockerPushOp | DockerLoadOp;

/** The input, whose files are written to a directory or a tar file of this host. */
export interface DownloadOp extends OpBase {
  readonly kind: 'download' | 'download-tarball';
  readonly input: OpId;
  readonly path: Text;
  readonly base: string;
}

/** The input, written as an OCI or a Docker image to a tar file of this host. */
export interface DownloadImageOp extends OpBase {
  readonly kind: 'download-oci-tarball' | 'download-docker-tarball';
  readonly input: OpId;
  readonly path: Text;
  readonly base: string;
  /** The image's name; only for Docker's form. */
  readonly ref: Text | undefined;
}

/** The input, pushed as an image to a registry. */
export interface DockerPushOp extends OpBase {
  readonly kind: 'docker-push';
  readonly input: OpId;
  readonly ref: Text;
  readonly stargz: boolean;
}

/** The input, loaded as an image into the Docker engine. */
export interface DockerLoadOp extends OpBase {
  readonly kind: 'docker-load';
  readonly input: OpId;
  readonly ref: Text;
}

/** Ops that yield a text that is only known later. */
export type StringOp =
  | ConcatOp
  | LayoutOp
  | FormatOp
  | TemplateOp
  | HostTextOp
  | HostEnvOp
  | CommandOp
  | ManifestOp
  | PushDigestOp;

/** The parts of an interpolated string, joined. */
export interface ConcatOp extends OpBase {
  readonly kind: 'concat';
  readonly parts: readonly Text[];
}

/** The body of a heredoc, laid out: its ends trimmed and, by form, its common indent removed or its lines joined. */
export interface LayoutOp extends OpBase {
  readonly kind: 'layout';
  readonly text: Text;
  readonly form: 'literal' | 'dedent' | 'fold';
}

/** Go's Sprintf over strings. */
export interface FormatOp extends OpBase {
  readonly kind: 'format';
  readonly format: Text;
  readonly values: readonly Text[];
}

/** Go's text/template over a map of strings. */
export interface TemplateOp extends OpBase {
  readonly kind: 'template';
  readonly template: Text;
  readonly fields: readonly { readonly name: Text; readonly value: Text }[];
}

/** The current directory of the process, the operating system or the architecture of this host, the latter two as Go names them. */
export interface HostTextOp extends OpBase {
  readonly kind: 'host-cwd' | 'host-os' | 'host-arch';
}

/** A variable of the environment; empty where it is not set. */
export interface HostEnvOp extends OpBase {
  readonly kind: 'host-env';
  readonly key: Text;
}

/** What a command on this host prints. Commands run once per op, in the order of the module's list. */
export interface CommandOp extends OpBase {
  readonly kind: 'command';
  readonly args: readonly Text[];
  readonly shlex: boolean;
  readonly ignoreError: boolean;
  readonly capture: 'stdout' | 'stderr' | 'both';
  /** The directory that it runs in. */
  readonly base: string;
}

/** What a registry serves for a reference. */
export interface ManifestOp extends OpBase {
  readonly kind: 'manifest';
  readonly ref: Text;
  readonly platform: { readonly os: Text; readonly arch: Text } | undefined;
  readonly part: 'manifest' | 'digest' | 'config' | 'index';
}

/** The digest of what a push pushed. */
export interface PushDigestOp extends OpBase {
  readonly kind: 'push-digest';
  readonly push: OpId;
}
