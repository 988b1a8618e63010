import { type Digest, isDigest } from '@hlb/names';
import * as pb from '@hlb/proto/llb';
import { type Entries, writeVertexMetadata } from '../encoding/definition.js';
import { encodeDefinitionParts } from '../encoding/op.js';
import { sortedEntries } from '../encoding/utf8-order.js';
import type { SourceFile, SourceLocation, SourceRange } from '../graph/source-location.js';
import type { VertexMetadata } from '../graph/vertex.js';
import { digestOf } from '../names/digest.js';
import { ByOp } from './by-op.js';
import { type Definition, InvalidDefinitionError, type MappedLocation, type SourceMapping } from './definition.js';
import { OpLocations } from './source-map.js';

/** The message of a definition, as it stands in others. */
export function encodeDefinition(definition: Definition): pb.Definition {
  return pb.Definition.decode(definitionBytes(definition));
}

/** The bytes of a definition's message; the same for the same definition. */
export function definitionBytes({ def, digests, metadata, source }: Definition): Uint8Array {
  const parts = { def, metadata: inOrder(metadata, digests), writeMetadata: writeVertexMetadata };
  if (source === undefined) return encodeDefinitionParts<VertexMetadata, MappedLocation>({ ...parts, source });
  const infos = source.infos.map(infoMessage);
  const { locations } = source;
  if (locations instanceof OpLocations && locations.isOf(digests)) {
    return encodeDefinitionParts<VertexMetadata, SourceLocation>({
      ...parts,
      source: {
        infos,
        locations: (visit) => locations.forEachUnmapped(visit),
        location: (location) => locations.mapped(location),
      },
    });
  }
  return encodeDefinitionParts<VertexMetadata, MappedLocation>({
    ...parts,
    source: { infos, locations: inOrder(locations, digests), location: (same) => same },
  });
}

/** The entries of the ops in their order, and those of other keys after them. */
function inOrder<V>(map: ReadonlyMap<Digest, V>, digests: readonly Digest[]): Entries<V> {
  if (map instanceof ByOp && map.isOf(digests)) {
    return (visit) => {
      map.forEach((value: V, digest) => {
        visit(digest, value);
      });
    };
  }
  return (visit) => {
    const others = new Map<string, V>(map);
    for (const digest of digests) {
      const value = map.get(digest);
      if (value !== undefined && others.delete(digest)) visit(digest, value);
    }
    for (const [digest, value] of sortedEntries(others)) visit(digest, value);
  };
}

/**
 * A definition from its message. Its ops are kept byte for byte; that they make a graph is seen by `definitionOutput`.
 *
 * @throws {InvalidDefinitionError} for metadata or positions of what is no digest
 */
export function decodeDefinition(message: pb.Definition): Definition {
  const metadata = new Map<Digest, VertexMetadata>();
  for (const [key, value] of message.metadata) {
    metadata.set(digestKey(key), readMetadata(value));
  }
  return {
    def: message.def,
    digests: message.def.map(digestOf),
    metadata,
    ...(message.Source === undefined ? {} : { source: readSource(message.Source) }),
  };
}

function digestKey(key: string): Digest {
  if (!isDigest(key)) {
    throw new InvalidDefinitionError(`the definition has data for ${JSON.stringify(key)}, which is no digest`);
  }
  return key;
}

function readMetadata(message: pb.OpMetadata): VertexMetadata {
  const { exportCache, progressGroup, linuxResources } = message;
  // A cap that is false is not required.
  const caps = [...message.caps].filter(([, required]) => required).map(([cap]) => cap);
  return {
    caps: caps.sort(),
    ...(message.description.size === 0 ? {} : { description: Object.fromEntries(message.description) }),
    ...(message.ignoreCache ? { ignoreCache: true } : {}),
    ...(exportCache === undefined ? {} : { exportCache: exportCache.Value }),
    ...(progressGroup === undefined ? {} : { progressGroup }),
    ...(linuxResources === undefined ? {} : { linuxResources }),
  };
}

function infoMessage({ filename, data, language, definition }: SourceFile): pb.SourceInfo {
  return { filename, data, language, definition };
}

function readSource(message: pb.Source): SourceMapping {
  const locations = new Map<Digest, readonly MappedLocation[]>();
  for (const [digest, value] of message.locations) {
    locations.set(
      digestKey(digest),
      value.locations.map(({ sourceIndex, ranges }) => ({ sourceIndex, ranges: ranges.map(readRange) })),
    );
  }
  return { infos: message.infos.map(readInfo), locations };
}

function readInfo(info: pb.SourceInfo): SourceFile {
  const { filename, data, language, definition } = info;
  return { filename, data, language, ...(definition === undefined ? {} : { definition }) };
}

function readRange({ start, end }: pb.Range): SourceRange {
  const none = { line: 0, character: 0 };
  return { start: start ?? none, end: end ?? start ?? none };
}
