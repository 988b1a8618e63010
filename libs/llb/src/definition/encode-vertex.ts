import type { Digest } from '@hlb/names';
import { encodeVertex } from '../encoding/op.js';
import { hasEqualInputs } from '../graph/equal-inputs.js';
import { InvalidOpError } from '../graph/invalid-op.js';
import { remapInputs } from '../graph/remap-inputs.js';
import type { OpBody, OpVertex, Output, Vertex } from '../graph/vertex.js';
import { digestOf } from '../names/digest.js';
import { formatPlatform, type Platform } from '../names/platform.js';

export interface EncodedVertex {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** What a definition gives to vertices that have none of their own. */
export interface Defaults {
  readonly platform: Platform;
  /** Worker filters; a vertex' own come after them. */
  readonly filters: readonly string[];
}

/** Encodes vertices with the same defaults, each once, for as long as it lives. */
export class VertexEncoder {
  readonly #defaults: Defaults;
  readonly #key: string;
  readonly #digest = (vertex: Vertex): Digest => this.#known(vertex).digest;

  constructor(defaults: Defaults) {
    this.#defaults = defaults;
    this.#key = [formatPlatform(defaults.platform), ...defaults.filters].join('\0');
  }

  /** The encoding of a vertex whose inputs were encoded before. */
  encode(vertex: Vertex): EncodedVertex {
    return vertex.kind === 'verbatim' ? vertex : (this.#cached(vertex) ?? this.#encode(vertex));
  }

  #cached({ bytes }: OpVertex): EncodedVertex | undefined {
    if (bytes.digest !== undefined && this.#defaults.filters.length === 0) return bytes;
    let entry = bytes.first;
    while (entry !== undefined && entry.key !== this.#key) {
      entry = entry.next;
    }
    return entry;
  }

  #encode(vertex: OpVertex): EncodedVertex {
    const op = vertex.bytes;
    const filters = [...this.#defaults.filters, ...vertex.constraints.filters];
    const platform = op.hasPlatform ? (vertex.platform ?? this.#defaults.platform) : undefined;
    const { inputs, body } = this.#number(vertex);
    const { bytes } = encodeVertex(inputs, this.#digest, platform, filters, body);
    const entry = { bytes, digest: digestOf(bytes), key: this.#key, next: op.first };
    op.first = entry;
    return entry;
  }

  /** Different vertices may be the same op; then they are one input, and the others' numbers change. */
  #number(vertex: OpVertex): { readonly inputs: readonly Output[]; readonly body: OpBody | Uint8Array } {
    const { kind, inputs, bytes } = vertex;
    if (!hasEqualInputs(kind, inputs, this.#digest)) return { inputs, body: bytes.bytes.subarray(bytes.bodyStart) };
    const distinct: Output[] = [];
    const places = new Map<string, number>();
    const moved = inputs.map((input) => {
      const name = `${this.#digest(input.vertex)} ${input.index}`;
      const known = places.get(name) ?? distinct.push(input) - 1;
      places.set(name, known);
      return known;
    });
    return { inputs: distinct, body: remapInputs(vertex.op, moved, distinct.length) };
  }

  #known(vertex: Vertex): EncodedVertex {
    const encoded = vertex.kind === 'verbatim' ? vertex : this.#cached(vertex);
    if (encoded === undefined) {
      throw new InvalidOpError(`an input of kind ${vertex.kind} is not among those that the vertex lists`);
    }
    return encoded;
  }
}
