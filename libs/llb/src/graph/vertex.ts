import type { Digest } from '@hlb/names';
import type * as pb from '@hlb/proto/llb';
import type { Platform } from '../names/platform.js';
import type { SourceLocation } from './source-location.js';

/** A value that is not changed once made, all the way down. */
export type Immutable<T> = T extends bigint | boolean | number | string | undefined | Uint8Array
  ? T
  : T extends ReadonlyMap<infer K, infer V>
    ? ReadonlyMap<K, Immutable<V>>
    : T extends readonly (infer E)[]
      ? readonly Immutable<E>[]
      : { readonly [K in keyof T]: Immutable<T[K]> };

/** One result of a vertex. Where an output may be absent, `undefined` is scratch, the empty file system. */
export interface Output {
  readonly vertex: Vertex;
  readonly index: number;
}

/** What an op does, as its message has it. Inputs are places in the vertex' `inputs`, -1 is scratch. */
export type OpBody = Immutable<NonNullable<pb.Op['op']>>;

export type OpKind = OpBody['$case'];

export type BodyOf<Kind extends OpKind> = Extract<OpBody, { readonly $case: Kind }>;

interface VertexBase {
  /** Outputs that it needs, each once unless the op tells them apart by place (merge, diff, passthrough). */
  readonly inputs: readonly Output[];
  /** The same outputs in the order in which a definition lists what they need. */
  readonly traversal: readonly Output[];
  readonly metadata: VertexMetadata;
  /** Where in the user's files it comes from, innermost call first. */
  readonly locations: readonly SourceLocation[];
}

/**
 * An op as bytes. Most are the same in every definition: their inputs are, and where they run they say themselves. Of the others there is
 * only the body, the message with nothing but the member of the oneof, and marshalling adds what they were encoded to.
 */
export type OpBytes =
  | (BytesOfOp & { readonly digest: Digest })
  | (BytesOfOp & {
      /** Absent where the bytes are only the body. */
      readonly digest: undefined;
    });

interface BytesOfOp {
  readonly bytes: Uint8Array;
  /** Where in the bytes the body starts, which ends with them. */
  readonly bodyStart: number;
  /** Whether the op says where it runs; others give the same everywhere. */
  readonly hasPlatform: boolean;
  /**
   * What it was encoded to by defaults of definitions that matter for it. Kept beside the vertex: a table of weak references to all
   * vertices of a large graph slows each collection of garbage.
   */
  first: VertexEncoding | undefined;
}

/** A vertex has few encodings, so they are a list. */
export interface VertexEncoding {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** The defaults that it was encoded with. */
  readonly key: string;
  readonly next: VertexEncoding | undefined;
}

/** A vertex of an op of one kind. */
export interface VertexOf<Kind extends OpKind> extends VertexBase {
  readonly kind: Kind;
  /** What the op does; read from its bytes each time. */
  readonly op: BodyOf<Kind>;
  /** The op's own bytes. */
  readonly bytes: OpBytes;
  /** Written as it is; without one the definition's default is used, where the op has a platform at all. */
  readonly platform: Platform | undefined;
  readonly constraints: VertexConstraints;
  /** The same op with something else beside it. */
  with(metadata: VertexMetadata, locations: readonly SourceLocation[]): VertexOf<Kind>;
}

/** A vertex of this program, by the kind of its op. */
export type OpVertex = { [Kind in OpKind]: VertexOf<Kind> }[OpKind];

/** A vertex of a definition that came from elsewhere: its bytes, and so its digest, stay what they were. */
export interface VerbatimVertex extends VertexBase {
  readonly kind: 'verbatim';
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly op: Immutable<pb.Op>;
}

/** A node of the build graph. Immutable, and made from vertices that exist, so a graph has no cycle. */
export type Vertex = OpVertex | VerbatimVertex;

export interface VertexConstraints {
  /** containerd filters over workers' labels. Part of the digest; current engines don't evaluate them. */
  readonly filters: readonly string[];
}

/** What goes beside the ops in a definition; not part of any digest. */
export interface VertexMetadata {
  /** What an engine must know to run the op; sorted. */
  readonly caps: readonly string[];
  /** `llb.customname` replaces the name that engines show. */
  readonly description?: Readonly<Record<string, string>>;
  /** Run it although the cache has its result. */
  readonly ignoreCache?: boolean;
  /** Whether the result goes to exported caches; absent: as the build says. */
  readonly exportCache?: boolean;
  /** Vertices that are shown as one. */
  readonly progressGroup?: ProgressGroup;
  /** cgroup limits of an exec. */
  readonly linuxResources?: LinuxResources;
}

export interface ProgressGroup {
  readonly id: string;
  readonly name: string;
  /** Does not make the group visible by itself. */
  readonly weak?: boolean;
}

export interface LinuxResources {
  /** Bytes. */
  readonly memory?: bigint;
  /** Bytes. */
  readonly memorySwap?: bigint;
  readonly cpuShares?: bigint;
  /** Microseconds. */
  readonly cpuPeriod?: bigint;
  /** Microseconds. */
  readonly cpuQuota?: bigint;
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
}

/** Key of `VertexMetadata.description` for the name that engines show. */
export const customNameKey = 'llb.customname';
