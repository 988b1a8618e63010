import * as pb from '@hlb/proto/llb';
import { InvalidOpError } from '../graph/invalid-op.js';
import type { Immutable, OpBody, Output, Vertex } from '../graph/vertex.js';
import type { Platform } from '../names/platform.js';
import { type DefinitionParts, writeDefinition, writeDefinitionParts } from './definition.js';
import { writeExec } from './exec.js';
import { writeFile } from './file.js';
import { WireWriter } from './wire-writer.js';

/** Every encoding starts and ends within one call, so one buffer serves all. */
const writer = new WireWriter();

/**
 * The canonical bytes of an op, whose SHA-256 is its digest: fields by number, but the member of the oneof last; maps sorted; nothing
 * that is zero, but every submessage that is set. These are the bytes of BuildKit's own client from 0.17 on.
 */
export function encodeOp(op: Immutable<pb.Op>): Uint8Array {
  writer.reset();
  for (const input of op.inputs) {
    writeInput(input.digest, input.index);
  }
  writePlatform(op.platform);
  if (op.constraints !== undefined) {
    writeConstraints(op.constraints.filter);
  }
  if (op.op !== undefined) {
    writeBody(op.op);
  }
  return writer.take();
}

/** The bytes of an op, as {@link encodeOp} gives them, by what its vertex has. */
export function encodeVertex(
  inputs: readonly Output[],
  digest: (vertex: Vertex) => string,
  platform: Platform | undefined,
  filters: readonly string[],
  body: OpBody | Uint8Array,
): { readonly bytes: Uint8Array; readonly bodyStart: number } {
  writer.reset();
  for (const { vertex, index } of inputs) {
    const start = writer.open(1);
    writer.string(1, digest(vertex));
    writer.int32(2, index);
    writer.close(start);
  }
  writePlatform(platform && platformMessage(platform));
  writeConstraints(filters);
  const bodyStart = writer.written;
  if (body instanceof Uint8Array) writer.raw(body);
  else writeBody(body);
  return { bytes: writer.take(), bodyStart };
}

/** The member of an op's oneof. */
export function encodeBody(body: OpBody): Uint8Array {
  writer.reset();
  writeBody(body);
  return writer.take();
}

/**
 * An op from its bytes, canonical or not.
 *
 * @throws {InvalidOpError} when they are no op
 */
export function decodeOp(bytes: Uint8Array): pb.Op {
  try {
    return pb.Op.decode(bytes);
  } catch (cause) {
    throw new InvalidOpError('the bytes are no op', { cause });
  }
}

/** The same bytes of a definition for the same definition, whatever order its maps are in. */
export function encodeDefinitionBytes(definition: Immutable<pb.Definition>): Uint8Array {
  writer.reset();
  writeDefinition(writer, definition);
  return writer.take();
}

/** As {@link encodeDefinitionBytes}, of a definition in parts. */
export function encodeDefinitionParts<Metadata, Place>(definition: DefinitionParts<Metadata, Place>): Uint8Array {
  writer.reset();
  writeDefinitionParts(writer, definition);
  return writer.take();
}

function writeInput(digest: string, index: bigint): void {
  const start = writer.open(1);
  writer.string(1, digest);
  writer.int64(2, index);
  writer.close(start);
}

function writePlatform(platform: Immutable<pb.Platform> | undefined): void {
  if (platform !== undefined) {
    const start = writer.open(10);
    writer.string(1, platform.Architecture);
    writer.string(2, platform.OS);
    writer.string(3, platform.Variant);
    writer.string(4, platform.OSVersion);
    writer.strings(5, platform.OSFeatures);
    writer.close(start);
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

function writeConstraints(filter: readonly string[]): void {
  const start = writer.open(11);
  writer.strings(1, filter);
  writer.close(start);
}

function writeBody(body: OpBody): void {
  const start = writer.open(bodyFields[body.$case]);
  switch (body.$case) {
    case 'exec':
      writeExec(writer, body.value);
      break;
    case 'source':
      writer.string(1, body.value.identifier);
      writer.stringMap(2, body.value.attrs);
      break;
    case 'file':
      writeFile(writer, body.value);
      break;
    case 'build':
      writeBuild(body.value);
      break;
    case 'merge':
      for (const input of body.value.inputs) {
        writeNumber(1, input.input);
      }
      break;
    case 'diff':
      if (body.value.lower !== undefined) {
        writeNumber(1, body.value.lower.input);
      }
      if (body.value.upper !== undefined) {
        writeNumber(2, body.value.upper.input);
      }
      break;
    case 'passthrough':
      writer.string(1, body.value.id);
      writer.packedInt64(2, body.value.outputs);
      break;
  }
  writer.close(start);
}

const bodyFields: { readonly [Kind in OpBody['$case']]: number } = {
  exec: 2,
  source: 3,
  file: 4,
  build: 5,
  merge: 6,
  diff: 7,
  passthrough: 8,
};

function writeBuild(build: Immutable<pb.BuildOp>): void {
  writer.int64(1, build.builder);
  writer.map(2, build.inputs, (input) => writeNumber(2, input.input));
  if (build.def !== undefined) {
    const start = writer.open(3);
    writeDefinition(writer, build.def);
    writer.close(start);
  }
  writer.stringMap(4, build.attrs);
}

/** A message whose only field is an input's number. */
function writeNumber(field: number, input: bigint): void {
  const start = writer.open(field);
  writer.int64(1, input);
  writer.close(start);
}
