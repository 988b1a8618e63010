import type { OpBase, OpId, Text } from './op-base.js';
import type { RunOption } from './run-options.js';

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
