import type * as pb from '@hlb/proto/llb';
import type { Immutable } from '../graph/vertex.js';
import type { WireWriter } from './wire-writer.js';

/** About what stands beside an op, in bytes: its digest twice, capabilities, a name and places. */
const besideOp = 400;

/** What a Definition holds, with what each entry of its maps is made into when its turn has come: large ones have many. */
export interface DefinitionParts<Metadata, Places> {
  readonly def: readonly Uint8Array[];
  readonly metadata: ReadonlyMap<string, Metadata>;
  readonly message: (metadata: Metadata) => Immutable<pb.OpMetadata>;
  readonly source: SourceParts<Places> | undefined;
}

export interface SourceParts<Places> {
  readonly infos: Immutable<pb.SourceInfo[]>;
  readonly locations: ReadonlyMap<string, Places>;
  readonly places: (places: Places) => Immutable<pb.Location[]>;
}

/** The fields of a Definition. */
export function writeDefinition(writer: WireWriter, { def, metadata, Source }: Immutable<pb.Definition>): void {
  writeDefinitionParts(writer, {
    def,
    metadata,
    message: (same) => same,
    source: Source && { ...Source, places: ({ locations }) => locations },
  });
}

/** The fields of a Definition, by its parts. */
export function writeDefinitionParts<Metadata, Places>(
  writer: WireWriter,
  { def, metadata, message, source }: DefinitionParts<Metadata, Places>,
): void {
  writer.expect(def.reduce((sum, op) => sum + op.length, 0) + def.length * besideOp);
  for (const op of def) {
    writer.bytesAlways(1, op);
  }
  writer.map(2, metadata, (each) => {
    const start = writer.open(2);
    writeMetadata(writer, message(each));
    writer.close(start);
  });
  if (source !== undefined) {
    const start = writer.open(3);
    writeSourceMap(writer, source);
    writer.close(start);
  }
}

function writeMetadata(writer: WireWriter, metadata: Immutable<pb.OpMetadata>): void {
  writer.bool(1, metadata.ignoreCache);
  writer.stringMap(2, metadata.description);
  if (metadata.exportCache !== undefined) {
    const start = writer.open(4);
    writer.bool(1, metadata.exportCache.Value);
    writer.close(start);
  }
  writer.map(5, metadata.caps, (value) => writer.boolAlways(2, value));
  if (metadata.progressGroup !== undefined) {
    const start = writer.open(6);
    writer.string(1, metadata.progressGroup.id);
    writer.string(2, metadata.progressGroup.name);
    writer.bool(3, metadata.progressGroup.weak);
    writer.close(start);
  }
  if (metadata.linuxResources !== undefined) {
    const start = writer.open(7);
    writer.int64(1, metadata.linuxResources.memory);
    writer.int64(2, metadata.linuxResources.memorySwap);
    writer.int64(3, metadata.linuxResources.cpuShares);
    writer.int64(4, metadata.linuxResources.cpuPeriod);
    writer.int64(5, metadata.linuxResources.cpuQuota);
    writer.string(6, metadata.linuxResources.cpusetCpus);
    writer.string(7, metadata.linuxResources.cpusetMems);
    writer.close(start);
  }
}

function writeSourceMap<Places>(writer: WireWriter, source: SourceParts<Places>): void {
  writer.map(1, source.locations, (places) => {
    const start = writer.open(2);
    for (const location of source.places(places)) {
      writeLocation(writer, location);
    }
    writer.close(start);
  });
  for (const info of source.infos) {
    const start = writer.open(2);
    writer.string(1, info.filename);
    writer.bytes(2, info.data);
    if (info.definition !== undefined) {
      const inner = writer.open(3);
      writeDefinition(writer, info.definition);
      writer.close(inner);
    }
    writer.string(4, info.language);
    writer.close(start);
  }
}

function writeLocation(writer: WireWriter, location: Immutable<pb.Location>): void {
  const start = writer.open(1);
  writer.int32(1, location.sourceIndex);
  for (const range of location.ranges) {
    const inner = writer.open(2);
    writePosition(writer, 1, range.start);
    writePosition(writer, 2, range.end);
    writer.close(inner);
  }
  writer.close(start);
}

function writePosition(writer: WireWriter, field: number, position: Immutable<pb.Position> | undefined): void {
  if (position !== undefined) {
    const start = writer.open(field);
    writer.int32(1, position.line);
    writer.int32(2, position.character);
    writer.close(start);
  }
}
