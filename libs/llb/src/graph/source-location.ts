import type * as pb from '@hlb/proto/llb';

/** A file of the user that vertices come from. */
export interface SourceFile {
  readonly filename: string;
  /** The whole text. */
  readonly data: Uint8Array;
  /** `HLB`, `Dockerfile`. */
  readonly language: string;
  /** Where the file itself comes from, if it was read out of a build. */
  readonly definition?: pb.Definition;
}

/** Lines count from 1; what characters count is the language's affair. */
export interface SourcePosition {
  readonly line: number;
  readonly character: number;
}

export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

/** One place that led to a vertex: a call, or a call that led to it. */
export interface SourceLocation {
  readonly file: SourceFile;
  readonly ranges: readonly SourceRange[];
}
