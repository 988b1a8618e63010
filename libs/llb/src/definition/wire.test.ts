import type { Digest } from '@hlb/names';
import * as pb from '@hlb/proto/llb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeOp } from '../encoding/op.js';
import { vectorGraphs } from '../fixtures/vector-graph.js';
import { InvalidOpError } from '../graph/invalid-op.js';
import type { Output } from '../graph/vertex.js';
import { digestOf } from '../names/digest.js';
import { exec } from '../ops/exec/exec.js';
import { file } from '../ops/file/file.js';
import { localSource } from '../ops/sources/local-source.js';
import { type Definition, InvalidDefinitionError } from './definition.js';
import { marshal } from './marshal.js';
import { definitionOutput } from './verbatim.js';
import { decodeDefinition, definitionBytes, encodeDefinition } from './wire.js';

const platform = { os: 'linux', architecture: 'amd64' };

function sample(): Definition {
  const position = { line: 3, character: 2 };
  const file = { filename: 'build.hlb', data: new Uint8Array([1]), language: 'HLB' };
  const base = localSource({
    name: 'l',
    locations: [{ file, ranges: [{ start: position, end: { line: 3, character: 9 } }] }],
    description: { 'llb.customname': 'mine' },
    exportCache: true,
    ignoreCache: true,
    progressGroup: { id: 'g', name: 'G', weak: true },
  });
  const resources = { memory: 1n << 30n, memorySwap: 0n, cpuShares: 2n, cpuPeriod: 0n, cpuQuota: -1n };
  const run = exec({ base, args: ['x'], cwd: '/', linuxResources: { ...resources, cpusetCpus: '0', cpusetMems: '' } });
  return marshal(run.root, { platform });
}

/** With maps for what stands beside the ops, which is comparable. */
function withMaps({ metadata, source, ...definition }: Definition): Definition {
  return {
    ...definition,
    metadata: new Map(metadata),
    ...(source === undefined ? {} : { source: { ...source, locations: new Map(source.locations) } }),
  };
}

describe('the message of a definition', () => {
  test('reads back as the same definition', () => {
    const definition = sample();
    expect(decodeDefinition(encodeDefinition(definition))).toEqual(withMaps(definition));
    expect(decodeDefinition(pb.Definition.decode(definitionBytes(definition)))).toEqual(withMaps(definition));
  });

  test('has the same bytes whatever order its maps are in', () => {
    const definition = sample();
    const other = { ...definition, metadata: new Map([...definition.metadata].reverse()) };
    expect(definitionBytes(other)).toEqual(definitionBytes(definition));
  });

  test('with data for what is no digest is refused', () => {
    const message = pb.Definition.fromPartial({ metadata: new Map([['x', pb.OpMetadata.fromPartial({})]]) });
    expect(() => decodeDefinition(message)).toThrow(InvalidDefinitionError);
  });
});

describe('a definition from elsewhere', () => {
  const results = Object.entries(vectorGraphs).filter((entry): entry is [string, Output] => entry[1] !== undefined);

  test.each(results)('%s gives the same definition again', (_, result) => {
    const definition = marshal(result, { platform });
    const output = definitionOutput(decodeDefinition(encodeDefinition(definition)));
    expect(output?.index).toBe(result.index);
    // Another default platform changes nothing: the bytes are what they were.
    const again = marshal(output, { platform: { os: 'windows', architecture: 'arm64' } });
    expect(new Set(again.digests)).toEqual(new Set(definition.digests));
    expect(again.metadata).toEqual(definition.metadata);
  });

  test('keeps its metadata and places', () => {
    const definition = sample();
    expect(marshal(definitionOutput(definition), { platform })).toEqual(definition);
  });

  test('is scratch without ops', () => {
    expect(definitionOutput({ def: [], digests: [], metadata: new Map() })).toBeUndefined();
  });

  test('keeps bytes that are not canonical', () => {
    const canonical = marshal(localSource({ name: 'l' }), { platform });
    // A field of number 100, which nobody knows.
    const bytes = new Uint8Array([...(canonical.def[0] ?? []), 0xa0, 0x06, 0x01]);
    const digest = digestOf(bytes);
    const terminal = encodeOp(pb.Op.fromPartial({ inputs: [{ digest }] }));
    const output = definitionOutput(decodeDefinition(pb.Definition.fromPartial({ def: [bytes, terminal] })));
    const copied = file({ base: output, actions: [{ kind: 'copy', from: output, src: '/a', dest: '/b' }] });
    const definition = marshal(copied, { platform });
    expect(definition.def[0]).toEqual(bytes);
    expect(definition.digests[0]).toBe(digest);
    expect(output?.vertex.kind).toBe('verbatim');
  });

  test('may list its ops in any order', () => {
    const { def } = marshal(vectorGraphs['MERGE'], { platform });
    const shuffled = [...def.slice(0, -1).reverse(), ...def.slice(-1)];
    const output = definitionOutput(decodeDefinition(pb.Definition.fromPartial({ def: shuffled })));
    expect(marshal(output, { platform }).def).toEqual(def);
  });

  test('is refused when its ops make no graph', () => {
    const read = (ops: readonly Uint8Array[]): Output | undefined =>
      definitionOutput(decodeDefinition(pb.Definition.fromPartial({ def: [...ops] })));
    const source = encodeOp(pb.Op.fromPartial({ op: { $case: 'source', value: { identifier: 'local://l' } } }));
    const needing = (digest: string, index = 0n): Uint8Array =>
      encodeOp(pb.Op.fromPartial({ inputs: [{ digest, index }] }));
    expect(() => read([source])).toThrow(InvalidDefinitionError);
    expect(() => read([source, needing(digestOf(new Uint8Array([9])))])).toThrow(InvalidDefinitionError);
    expect(() => read([source, needing(digestOf(source), -1n)])).toThrow(InvalidDefinitionError);
    expect(() => read([new Uint8Array([0xff]), source])).toThrow(InvalidOpError);
  });

  test('is refused when an op needs itself', () => {
    const digest = digestOf(new Uint8Array([1])) satisfies Digest;
    const looped = encodeOp(pb.Op.fromPartial({ inputs: [{ digest }], constraints: {} }));
    const terminal = encodeOp(pb.Op.fromPartial({ inputs: [{ digest }] }));
    // No hash is its own, so the digests of such a definition are made up.
    const forged = { def: [looped, terminal], digests: [digest, digestOf(terminal)], metadata: new Map() };
    expect(() => definitionOutput(forged)).toThrow(InvalidDefinitionError);
  });

  test('any bytes give a definition or an error of ours, not a crash', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }), (def) => {
        try {
          definitionOutput(decodeDefinition(pb.Definition.fromPartial({ def })));
        } catch (error) {
          expect([InvalidDefinitionError, InvalidOpError]).toContain(Object(error).constructor);
        }
      }),
    );
  });
});
