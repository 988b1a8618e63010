import type { Digest } from '@hlb/names';
import type * as pb from '@hlb/proto/llb';
import { encodeOp } from '../encoding/op.js';
import { fewInputs } from '../graph/input-list.js';
import { InvalidOpError } from '../graph/invalid-op.js';
import { remapInputs } from '../graph/remap-inputs.js';
import type { OpBody, OpVertex, Vertex } from '../graph/vertex.js';
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

  constructor(defaults: Defaults) {
    this.#defaults = defaults;
    this.#key = [formatPlatform(defaults.platform), ...defaults.filters].join('\0');
  }

  /** The encoding of a vertex whose inputs were encoded before. */
  encode(vertex: Vertex): EncodedVertex {
    return vertex.kind === 'verbatim' ? vertex : (this.#cached(vertex) ?? this.#encode(vertex));
  }

  #cached(vertex: OpVertex): EncodedVertex | undefined {
    let entry = vertex.encodings.first;
    while (entry !== undefined && entry.key !== this.#key) {
      entry = entry.next;
    }
    return entry;
  }

  #encode(vertex: OpVertex): EncodedVertex {
    const { inputs, body } = this.#number(vertex);
    const bytes = encodeOp({
      inputs,
      op: body,
      platform: hasPlatform(body) ? platformMessage(vertex.platform ?? this.#defaults.platform) : undefined,
      constraints: { filter: [...this.#defaults.filters, ...vertex.constraints.filters] },
    });
    const { encodings } = vertex;
    const entry = { bytes, digest: digestOf(bytes), key: this.#key, next: encodings.first };
    encodings.first = entry;
    return entry;
  }

  /** The inputs by digest. Different vertices may be the same op; then they are one input, and the others' numbers change. */
  #number(vertex: OpVertex): { inputs: readonly pb.Input[]; body: OpBody } {
    const inputs = vertex.inputs.map((input) => ({
      digest: this.#digest(input.vertex),
      index: BigInt(input.index),
    }));
    if (inputs.length < 2 || tellsInputsApart(vertex.op)) {
      return { inputs, body: vertex.op };
    }
    const distinct: pb.Input[] = [];
    const places = inputs.length > fewInputs ? new Map<string, number>() : undefined;
    const moved = inputs.map((input) => {
      const key = places && `${input.digest} ${input.index}`;
      const known =
        key === undefined
          ? distinct.findIndex(({ digest, index }) => digest === input.digest && index === input.index)
          : (places?.get(key) ?? -1);
      if (known !== -1) return known;
      if (key !== undefined) places?.set(key, distinct.length);
      return distinct.push(input) - 1;
    });
    const same = distinct.length === inputs.length;
    return { inputs: distinct, body: same ? vertex.op : remapInputs(vertex.op, moved, distinct.length) };
  }

  #digest(vertex: Vertex): Digest {
    const encoded = vertex.kind === 'verbatim' ? vertex : this.#cached(vertex);
    if (encoded === undefined) {
      throw new InvalidOpError(`an input of kind ${vertex.kind} is not among those that the vertex lists`);
    }
    return encoded.digest;
  }
}

function tellsInputsApart(body: OpBody): boolean {
  return body.$case === 'merge' || body.$case === 'diff' || body.$case === 'passthrough';
}

/** Whether an op says where it runs; others give the same everywhere. */
function hasPlatform(body: OpBody): boolean {
  switch (body.$case) {
    case 'exec':
    case 'build':
      return true;
    case 'source':
      return body.value.identifier.startsWith('docker-image://') || body.value.identifier.startsWith('oci-layout://');
    case 'file':
    case 'merge':
    case 'diff':
    case 'passthrough':
      return false;
  }
}

function platformMessage(platform: Platform): pb.Platform {
  return {
    Architecture: platform.architecture,
    OS: platform.os,
    Variant: platform.variant ?? '',
    OSVersion: platform.osVersion ?? '',
    OSFeatures: [...(platform.osFeatures ?? [])],
  };
}
