import type { OpBase, OpId, Text } from './op-base.js';

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
