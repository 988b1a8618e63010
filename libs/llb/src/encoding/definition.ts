import type * as pb from '@hlb/proto/llb';
import type { Immutable, LinuxResources, ProgressGroup, VertexMetadata } from '../graph/vertex.js';
import { sortedEntries } from './utf8-order.js';
import type { WireWriter } from './wire-writer.js';

/** About what stands beside an op, in bytes: its digest twice, capabilities, a name and places. */
const besideOp = 400;

/** The entries of a map in the order in which they are written. */
export type Entries<V> = (visit: (key: string, value: V) => void) => void;

/** What a Definition holds, with how each entry of its maps is written when its turn has come: large ones have many. */
export interface DefinitionParts<Metadata, Place> {
  readonly def: readonly Uint8Array[];
  readonly metadata: Entries<Metadata>;
  readonly writeMetadata: (writer: WireWriter, metadata: Metadata) => void;
  readonly source: SourceParts<Place> | undefined;
}

export interface SourceParts<Place> {
  readonly infos: Immutable<pb.SourceInfo[]>;
  readonly locations: Entries<readonly Place[]>;
  readonly location: (place: Place) => Immutable<pb.Location>;
}

/** The fields of a Definition. */
export function writeDefinition(writer: WireWriter, { def, metadata, Source }: Immutable<pb.Definition>): void {
  writeDefinitionParts<Immutable<pb.OpMetadata>, Immutable<pb.Location>>(writer, {
    def,
    metadata: (visit) => {
      for (const [digest, each] of sortedEntries(metadata)) visit(digest, each);
    },
    writeMetadata: writeMessage,
    source: Source && {
      infos: Source.infos,
      locations: (visit) => {
        for (const [digest, { locations }] of sortedEntries(Source.locations)) visit(digest, locations);
      },
      location: (same) => same,
    },
  });
}

/** The fields of a Definition, by its parts. */
export function writeDefinitionParts<Metadata, Place>(
  writer: WireWriter,
  { def, metadata, writeMetadata, source }: DefinitionParts<Metadata, Place>,
): void {
  writer.expect(def.reduce((sum, op) => sum + op.length, 0) + def.length * besideOp);
  for (const op of def) {
    writer.bytesAlways(1, op);
  }
  metadata((digest, each) => {
    const entry = writer.openEntry(2, digest);
    const start = writer.open(2);
    writeMetadata(writer, each);
    writer.close(start);
    writer.close(entry);
  });
  if (source !== undefined) {
    const start = writer.open(3);
    writeLocations(writer, source);
    writeInfos(writer, source.infos);
    writer.close(start);
  }
}

function writeMessage(writer: WireWriter, metadata: Immutable<pb.OpMetadata>): void {
  writer.bool(1, metadata.ignoreCache);
  writer.stringMap(2, metadata.description);
  writeExportCache(writer, metadata.exportCache?.Value);
  writer.map(5, metadata.caps, (value) => writer.boolAlways(2, value));
  writeGroup(writer, metadata.progressGroup);
  writeResources(writer, metadata.linuxResources);
}

/** The fields of an OpMetadata, as {@link writeMessage} writes those of its message. */
export function writeVertexMetadata(writer: WireWriter, metadata: VertexMetadata): void {
  const { description } = metadata;
  writer.bool(1, metadata.ignoreCache ?? false);
  if (description !== undefined) writer.stringRecord(2, description);
  writeExportCache(writer, metadata.exportCache);
  writer.flags(5, metadata.caps);
  writeGroup(writer, metadata.progressGroup);
  writeResources(writer, metadata.linuxResources);
}

function writeExportCache(writer: WireWriter, value: boolean | undefined): void {
  if (value === undefined) return;
  const start = writer.open(4);
  writer.bool(1, value);
  writer.close(start);
}

function writeGroup(writer: WireWriter, group: ProgressGroup | undefined): void {
  if (group === undefined) return;
  const start = writer.open(6);
  writer.string(1, group.id);
  writer.string(2, group.name);
  writer.bool(3, group.weak ?? false);
  writer.close(start);
}

function writeResources(writer: WireWriter, resources: LinuxResources | undefined): void {
  if (resources === undefined) return;
  const start = writer.open(7);
  writer.int64(1, resources.memory ?? 0n);
  writer.int64(2, resources.memorySwap ?? 0n);
  writer.int64(3, resources.cpuShares ?? 0n);
  writer.int64(4, resources.cpuPeriod ?? 0n);
  writer.int64(5, resources.cpuQuota ?? 0n);
  writer.string(6, resources.cpusetCpus ?? '');
  writer.string(7, resources.cpusetMems ?? '');
  writer.close(start);
}

/** Where each op comes from. Those around the call of an op are mostly those of the op before, and copied from there. */
function writeLocations<Place>(writer: WireWriter, { locations, location }: SourceParts<Place>): void {
  let before: readonly Place[] = [];
  /** Bytes that the last of them take, by their number. */
  const sizes = [0];
  const starts: number[] = [];
  locations((digest, places) => {
    const end = writer.written;
    const same = sameAtEnd(before, places);
    const entry = writer.openEntry(1, digest);
    const start = writer.open(2);
    const own = places.length - same;
    for (let index = 0; index < own; index += 1) {
      starts[index] = writer.written;
      const place = places[index];
      if (place !== undefined) writeLocation(writer, location(place));
    }
    starts[own] = writer.written;
    const size = sizes[same] ?? 0;
    writer.again(end - size, size);
    for (let index = own - 1; index >= 0; index -= 1) {
      sizes[places.length - index] = size + (starts[own] ?? 0) - (starts[index] ?? 0);
    }
    writer.close(start);
    writer.close(entry);
    before = places;
  });
}

/** How many of the last items are the same ones. */
function sameAtEnd<T>(before: readonly T[], items: readonly T[]): number {
  const most = Math.min(before.length, items.length);
  let count = 0;
  while (count < most && before[before.length - 1 - count] === items[items.length - 1 - count]) count += 1;
  return count;
}

function writeInfos(writer: WireWriter, infos: Immutable<pb.SourceInfo[]>): void {
  for (const info of infos) {
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
