import type { Digest } from '@hlb/names';
import type { SourceFile, SourceRange } from '../graph/source-location.js';
import type { VertexMetadata } from '../graph/vertex.js';

/** A marshalled graph, as it is sent. */
export interface Definition {
  /** Encoded ops, each after its inputs; the last has nothing but the result as its input. Empty for scratch. */
  readonly def: readonly Uint8Array[];
  /** Of each op, in the same order. */
  readonly digests: readonly Digest[];
  readonly metadata: ReadonlyMap<Digest, VertexMetadata>;
  readonly source?: SourceMapping;
}

/** Where in the user's files the ops of a definition come from. */
export interface SourceMapping {
  readonly infos: readonly SourceFile[];
  /** By vertex; innermost call first. */
  readonly locations: ReadonlyMap<Digest, readonly MappedLocation[]>;
}

export interface MappedLocation {
  /** Place in `infos`. */
  readonly sourceIndex: number;
  readonly ranges: readonly SourceRange[];
}

/** A definition or an op that is no such thing. */
export class InvalidDefinitionError extends TypeError {
  override readonly name = 'InvalidDefinitionError';
}

/** The definition of scratch: no ops. */
export const emptyDefinition: Definition = { def: [], digests: [], metadata: new Map() };
