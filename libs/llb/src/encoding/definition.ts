import type * as pb from '@hlb/proto/llb';
import type { Immutable } from '../graph/vertex.js';
import type { WireWriter } from './wire-writer.js';

/** The fields of a Definition. */
export function writeDefinition(writer: WireWriter, definition: Immutable<pb.Definition>): void {
  for (const op of definition.def) {
    writer.bytesAlways(1, op);
  }
  writer.map(2, definition.metadata, (metadata) => {
    const start = writer.open(2);
    writeMetadata(writer, metadata);
    writer.close(start);
  });
  if (definition.Source !== undefined) {
    const start = writer.open(3);
    writeSourceMap(writer, definition.Source);
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

function writeSourceMap(writer: WireWriter, source: Immutable<pb.Source>): void {
  writer.map(1, source.locations, (locations) => {
    const start = writer.open(2);
    for (const location of locations.locations) {
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
