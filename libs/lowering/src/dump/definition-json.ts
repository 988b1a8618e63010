import { type Definition, type Digest, decodeOp, type MappedLocation, opToJSON, type SourceMapping } from '@hlb/llb';

/** A definition as the documents of `hlb dump` have it. */
export interface DefinitionJson {
  readonly ops: readonly OpJson[];
  /** The last op, which has only an input; `null` for scratch. */
  readonly terminal: OpJson | null;
  readonly sourceInfos?: readonly SourceInfoJson[];
}

export interface OpJson {
  readonly digest: string;
  /** As protobuf's JSON. */
  readonly op: unknown;
  /** Sorted. */
  readonly caps: readonly string[];
  readonly description?: Readonly<Record<string, string>>;
  readonly ignoreCache?: boolean;
  /** `file:line:column-line:column`, innermost call first. */
  readonly source?: readonly string[];
}

export interface SourceInfoJson {
  readonly file: string;
  readonly bytes: number;
  readonly language: string;
}

export function definitionJson(definition: Definition): DefinitionJson {
  const { def, digests, source } = definition;
  const ops = def.flatMap((bytes, place) => {
    const digest = digests[place];
    return digest === undefined ? [] : [opJson(definition, bytes, digest)];
  });
  const terminal = ops.pop() ?? null;
  if (source === undefined) return { ops, terminal };
  const sourceInfos = source.infos.map(({ filename, data, language }) => ({
    file: filename,
    bytes: data.length,
    language,
  }));
  return { ops, terminal, sourceInfos };
}

function opJson({ metadata, source }: Definition, bytes: Uint8Array, digest: Digest): OpJson {
  const of = metadata.get(digest);
  const places = source?.locations.get(digest) ?? [];
  return {
    digest,
    op: opToJSON(decodeOp(bytes)),
    caps: [...(of?.caps ?? [])].sort(),
    ...(of?.description === undefined ? {} : { description: of.description }),
    ...(of?.ignoreCache === true ? { ignoreCache: true } : {}),
    ...(source === undefined || places.length === 0
      ? {}
      : { source: places.flatMap((place) => placeTexts(place, source)) }),
  };
}

function placeTexts({ sourceIndex, ranges }: MappedLocation, source: SourceMapping): readonly string[] {
  const name = source.infos[sourceIndex]?.filename ?? '?';
  return ranges.map(({ start, end }) => `${name}:${start.line}:${start.character}-${end.line}:${end.character}`);
}
