import type { Digest } from '@hlb/names';
import { encodeBody, encodeOpParts, encodeSettings } from '../encoding/op.js';
import { fewInputs } from '../graph/input-list.js';
import { InvalidOpError } from '../graph/invalid-op.js';
import { remapInputs } from '../graph/remap-inputs.js';
import type { OpKind, OpVertex, Output, Vertex } from '../graph/vertex.js';
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
  /** What is written beside inputs and bodies, by the platform: nearly all ops have the filters of the defaults alone. */
  readonly #settings = new Map<Platform | undefined, Uint8Array>();
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
    let entry = bytes.first;
    while (entry !== undefined && entry.key !== this.#key) {
      entry = entry.next;
    }
    return entry;
  }

  #encode(vertex: OpVertex): EncodedVertex {
    const op = vertex.bytes;
    const equal = vertex.inputs.length > 1 && !tellsInputsApart(vertex.kind) && this.#hasEqual(vertex.inputs);
    const { inputs, body } = equal ? this.#number(vertex) : { inputs: vertex.inputs, body: op.body };
    const bytes = encodeOpParts(inputs, this.#digest, this.#settingsOf(vertex), body);
    const entry = { bytes, digest: digestOf(bytes), key: this.#key, next: op.first };
    op.first = entry;
    return entry;
  }

  #settingsOf({ bytes, platform, constraints: { filters } }: OpVertex): Uint8Array {
    const own = bytes.hasPlatform ? (platform ?? this.#defaults.platform) : undefined;
    if (filters.length > 0) return encodeSettings(own, [...this.#defaults.filters, ...filters]);
    let settings = this.#settings.get(own);
    if (settings === undefined) {
      settings = encodeSettings(own, this.#defaults.filters);
      this.#settings.set(own, settings);
    }
    return settings;
  }

  /** Whether different vertices among the inputs are the same op. */
  #hasEqual(inputs: readonly Output[]): boolean {
    if (inputs.length > fewInputs) return new Set(inputs.map((input) => this.#name(input))).size < inputs.length;
    return inputs.some(({ vertex, index }, place) => {
      for (let other = 0; other < place; other += 1) {
        const before = inputs[other];
        if (before?.index === index && this.#digest(before.vertex) === this.#digest(vertex)) return true;
      }
      return false;
    });
  }

  /** Of inputs that are the same op one is left, and the others' numbers change. */
  #number(vertex: OpVertex): { readonly inputs: readonly Output[]; readonly body: Uint8Array } {
    const distinct: Output[] = [];
    const places = new Map<string, number>();
    const moved = vertex.inputs.map((input) => {
      const name = this.#name(input);
      const known = places.get(name) ?? distinct.push(input) - 1;
      places.set(name, known);
      return known;
    });
    return { inputs: distinct, body: encodeBody(remapInputs(vertex.op, moved, distinct.length)) };
  }

  #name({ vertex, index }: Output): string {
    return `${this.#digest(vertex)} ${index}`;
  }

  #known(vertex: Vertex): EncodedVertex {
    const encoded = vertex.kind === 'verbatim' ? vertex : this.#cached(vertex);
    if (encoded === undefined) {
      throw new InvalidOpError(`an input of kind ${vertex.kind} is not among those that the vertex lists`);
    }
    return encoded;
  }
}

function tellsInputsApart(kind: OpKind): boolean {
  return kind === 'merge' || kind === 'diff' || kind === 'passthrough';
}
