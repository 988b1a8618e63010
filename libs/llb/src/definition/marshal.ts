import { encodeOp } from '../encoding/op.js';
import type { Output, Vertex, VertexMetadata } from '../graph/vertex.js';
import { type Digest, digestOf } from '../names/digest.js';
import type { Platform } from '../names/platform.js';
import { type Definition, emptyDefinition } from './definition.js';
import { VertexEncoder } from './encode-vertex.js';
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
  const encoder = new VertexEncoder({ platform: options.platform, filters: options.filters ?? [] });
  const def: Uint8Array[] = [];
  const digests: Digest[] = [];
  const metadata = new Map<Digest, VertexMetadata>();
  const sources = new SourceMapBuilder();
  for (const vertex of postOrder(result.vertex)) {
    const { bytes, digest } = encoder.encode(vertex);
    const known = metadata.get(digest);
    metadata.set(digest, known === undefined ? vertex.metadata : mergeMetadata(known, vertex.metadata));
    sources.add(digest, vertex.locations);
    if (known === undefined) {
      def.push(bytes);
      digests.push(digest);
    }
  }
  const terminal = encodeOp({
    inputs: [{ digest: encoder.encode(result.vertex).digest, index: BigInt(result.index) }],
    op: undefined,
    platform: undefined,
    constraints: undefined,
  });
  const digest = digestOf(terminal);
  const whole = terminalMetadata(metadata.values());
  metadata.set(digest, whole);
  const source = sources.mapping();
  return {
    def: [...def, terminal],
    digests: [...digests, digest],
    metadata,
    ...(source === undefined ? {} : { source }),
  };
}

/** The vertices that one needs, and itself, each once and after those that it needs. */
function* postOrder(root: Vertex): Generator<Vertex> {
  const met = new Set([root]);
  const path = [{ vertex: root, next: 0 }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const input = top.vertex.traversal[top.next];
    if (input === undefined) {
      path.pop();
      yield top.vertex;
      continue;
    }
    top.next += 1;
    if (!met.has(input.vertex)) {
      met.add(input.vertex);
      path.push({ vertex: input.vertex, next: 0 });
    }
  }
}
