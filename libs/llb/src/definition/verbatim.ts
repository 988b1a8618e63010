import type { Digest } from '@hlb/names';
import type * as pb from '@hlb/proto/llb';
import { decodeOp } from '../encoding/op.js';
import type { SourceLocation } from '../graph/source-location.js';
import type { Output, VerbatimVertex, VertexMetadata } from '../graph/vertex.js';
import { type Definition, InvalidDefinitionError } from './definition.js';

const noMetadata: VertexMetadata = { caps: [] };

/**
 * The result of a definition that came from elsewhere, for use in another graph: its ops keep their bytes and digests. Scratch for a
 * definition without ops.
 *
 * @throws {InvalidDefinitionError | InvalidOpError} for a definition that engines refuse
 */
export function definitionOutput(definition: Definition): Output | undefined {
  const { digests } = definition;
  const ops = definition.def.map(decodeOp);
  const last = ops.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const result = last.inputs[0];
  if (result === undefined) {
    throw new InvalidDefinitionError('the last op of the definition has no input');
  }
  const reader = new GraphReader(definition, new Map(digests.map((digest, place) => [digest, place])), ops);
  return reader.output(result);
}

class GraphReader {
  readonly #definition: Definition;
  readonly #places: ReadonlyMap<string, number>;
  readonly #ops: readonly pb.Op[];
  readonly #vertices = new Map<number, VerbatimVertex>();

  constructor(definition: Definition, places: ReadonlyMap<string, number>, ops: readonly pb.Op[]) {
    this.#definition = definition;
    this.#places = places;
    this.#ops = ops;
  }

  output(input: pb.Input): Output {
    const root = this.#place(input);
    const path = [root];
    const open = new Set<number>();
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (this.#vertices.has(top)) {
        path.pop();
      } else if (open.has(top)) {
        this.#make(top);
      } else {
        open.add(top);
        path.push(
          ...this.#op(top)
            .inputs.map((needed) => this.#place(needed))
            .reverse(),
        );
      }
    }
    return this.#made(input);
  }

  #make(place: number): void {
    const op = this.#op(place);
    const bytes = this.#definition.def[place];
    const digest = this.#definition.digests[place];
    if (bytes === undefined || digest === undefined) {
      throw new InvalidDefinitionError(`the definition has no op ${place}`);
    }
    const inputs = op.inputs.map((input) => this.#made(input));
    this.#vertices.set(place, {
      kind: 'verbatim',
      bytes,
      digest,
      op,
      inputs,
      traversal: inputs,
      metadata: this.#definition.metadata.get(digest) ?? noMetadata,
      locations: this.#locations(digest),
    });
  }

  #made(input: pb.Input): Output {
    const vertex = this.#vertices.get(this.#place(input));
    if (vertex === undefined) {
      throw new InvalidDefinitionError(`op ${input.digest} of the definition needs itself`);
    }
    return { vertex, index: Number(input.index) };
  }

  #op(place: number): pb.Op {
    const op = this.#ops[place];
    if (op === undefined) {
      throw new InvalidDefinitionError(`the definition has no op ${place}`);
    }
    return op;
  }

  #place(input: pb.Input): number {
    const place = this.#places.get(input.digest);
    if (place === undefined) {
      throw new InvalidDefinitionError(`the definition lacks the op ${JSON.stringify(input.digest)}`);
    }
    if (input.index < 0n || input.index > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new InvalidDefinitionError(`the definition names output ${input.index} of the op ${input.digest}`);
    }
    return place;
  }

  #locations(digest: Digest): readonly SourceLocation[] {
    const { source } = this.#definition;
    return (source?.locations.get(digest) ?? []).flatMap(({ sourceIndex, ranges }) => {
      const file = source?.infos[sourceIndex];
      return file === undefined ? [] : [{ file, ranges }];
    });
  }
}
