import { encodeOp } from '../encoding/op.js';
import { checkOutput } from '../graph/check-form.js';
import { OpNode } from '../graph/op-vertex.js';
import type { Output, Vertex, VertexMetadata } from '../graph/vertex.js';
import { digestOf } from '../names/digest.js';
import type { Platform } from '../names/platform.js';
import { ByOp, type OpIndex } from './by-op.js';
import { type Definition, emptyDefinition } from './definition.js';
import { DigestPlaces } from './digest-places.js';
import { type EncodedVertex, VertexEncoder } from './encode-vertex.js';
import { mergeMetadata, terminalMetadata } from './metadata.js';
import { SourceMapBuilder } from './source-map.js';

export interface MarshalOptions {
  /** Of the vertices that have none of their own. */
  readonly platform: Platform;
  /** Worker filters of all vertices; their own come after them. */
  readonly filters?: readonly string[] | undefined;
}

/**
 * The definition of a result: every vertex that it needs, each after its inputs and each digest once, then the terminal op. Takes
 * time in proportion to the graph, whatever its depth.
 */
export function marshal(result: Output | undefined, options: MarshalOptions): Definition {
  if (result === undefined) {
    return emptyDefinition;
  }
  checkOutput(result);
  if (typeof options?.platform?.os !== 'string' || typeof options.platform.architecture !== 'string') {
    throw new TypeError("a definition needs a platform, as parsePlatform('linux/amd64') gives it");
  }
  const encoder = new VertexEncoder({ platform: options.platform, filters: options.filters ?? [] });
  const def: Uint8Array[] = [];
  const ops = new DigestPlaces();
  const metadata: VertexMetadata[] = [];
  const sources = new SourceMapBuilder();
  const add = ({ bytes, digest }: EncodedVertex, more: VertexMetadata): number => {
    const place = ops.add(digest);
    const known = metadata[place];
    metadata[place] = known === undefined ? more : mergeMetadata(known, more);
    if (known === undefined) def.push(bytes);
    return place;
  };
  for (const vertex of postOrder(result.vertex)) {
    sources.add(add(encoder.encode(vertex), vertex.metadata), vertex.locations);
  }
  const terminal = encodeOp({
    inputs: [{ digest: encoder.encode(result.vertex).digest, index: BigInt(result.index) }],
    op: undefined,
    platform: undefined,
    constraints: undefined,
  });
  add({ bytes: terminal, digest: digestOf(terminal) }, terminalMetadata(metadata));
  const source = sources.mapping(ops);
  return {
    def,
    digests: ops.digests,
    metadata: new OpsMetadata(ops, metadata),
    ...(source === undefined ? {} : { source }),
  };
}

class OpsMetadata extends ByOp<VertexMetadata> {
  readonly #metadata: readonly VertexMetadata[];

  constructor(ops: OpIndex, metadata: readonly VertexMetadata[]) {
    super(ops);
    this.#metadata = metadata;
  }

  override at(place: number): VertexMetadata | undefined {
    return this.#metadata[place];
  }
}

/** Each walk marks the vertices that it comes by with a number of its own: a set of all vertices costs more than the walk. */
let walks = 0;

/** The vertices that one needs, and itself, each once and after those that it needs. */
function postOrder(root: Vertex): readonly Vertex[] {
  walks += 1;
  const walk = walks;
  const others = new Set<Vertex>();
  const isNew = (vertex: Vertex): boolean => {
    if (vertex instanceof OpNode) {
      const met = vertex.walk === walk;
      vertex.walk = walk;
      return !met;
    }
    const { size } = others;
    return others.add(vertex).size > size;
  };
  const order: Vertex[] = [];
  const path: Vertex[] = [root];
  /** Of each vertex of the path, which of its inputs is next. */
  const next: number[] = [0];
  isNew(root);
  for (let vertex = path.at(-1); vertex !== undefined; vertex = path.at(-1)) {
    const place = next[next.length - 1] ?? 0;
    const input = vertex.traversal[place];
    if (input === undefined) {
      path.pop();
      next.pop();
      order.push(vertex);
      continue;
    }
    next[next.length - 1] = place + 1;
    if (isNew(input.vertex)) {
      path.push(input.vertex);
      next.push(0);
    }
  }
  return order;
}
