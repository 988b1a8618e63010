import * as pb from '@hlb/proto/llb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyDefinition, anyOp } from '../fixtures/op-arbitrary.js';
import { InvalidOpError } from '../graph/invalid-op.js';
import { opFromJSON, opToJSON } from '../printing/op-json.js';
import { decodeOp, encodeDefinitionBytes, encodeOp } from './op.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('out and in again is the identity', () => {
  fc.assert(
    fc.property(anyOp, (op) => {
      expect(decodeOp(encodeOp(op))).toEqual(op);
    }),
    { numRuns: 500 },
  );
});

test('so it is for definitions', () => {
  fc.assert(
    fc.property(anyDefinition, (definition) => {
      expect(pb.Definition.decode(encodeDefinitionBytes(definition))).toEqual(definition);
    }),
    { numRuns: 200 },
  );
});

test('what any other encoder wrote becomes the canonical bytes', () => {
  fc.assert(
    fc.property(anyOp, (op) => {
      expect(hex(encodeOp(decodeOp(pb.Op.encode(op).finish())))).toBe(hex(encodeOp(op)));
    }),
    { numRuns: 300 },
  );
});

/** A key that protobuf's JSON, whose maps are objects, has no place for. */
const unwritable = '__proto__';

test('JSON keeps everything', () => {
  fc.assert(
    fc.property(anyOp, (op) => {
      fc.pre(!Buffer.from(encodeOp(op)).includes(unwritable));
      expect(hex(encodeOp(opFromJSON(opToJSON(op))))).toBe(hex(encodeOp(op)));
    }),
  );
});

test('the order of a map is no part of the bytes', () => {
  const withAttrs = (keys: readonly string[]): Uint8Array => {
    const attrs = new Map(keys.map((key) => [key, `${key}!`]));
    return encodeOp({ ...pb.Op.fromPartial({}), op: { $case: 'source', value: { identifier: 'x', attrs } } });
  };
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary' })), (keys) => {
      expect(hex(withAttrs(keys.toReversed()))).toBe(hex(withAttrs(keys)));
    }),
  );
});

describe('the rules of the canonical encoding', () => {
  const empty = pb.Op.fromPartial({});

  test('the member of the oneof comes last', () => {
    const op = pb.Op.fromPartial({ constraints: {}, op: { $case: 'merge', value: {} } });
    expect(hex(encodeOp(op))).toBe('5a003200');
  });

  test('a member of a oneof is written even when zero', () => {
    const user = { user: { $case: 'byID' as const, value: 0 } };
    const action = { $case: 'symlink' as const, value: { owner: { user } } };
    const op = pb.Op.fromPartial({ op: { $case: 'file', value: { actions: [{ action }] } } });
    expect(hex(encodeOp(op))).toBe('220a12084206 1a04 0a02 1000'.replaceAll(' ', ''));
  });

  test('a negative int32 has 10 bytes', () => {
    const meta = { validExitCodes: [-1] };
    const op = pb.Op.fromPartial({ op: { $case: 'exec', value: { meta } } });
    expect(hex(encodeOp(op))).toBe(`120e0a0c620a${'ff'.repeat(9)}01`);
  });

  test('an entry of a map has key and value, also when both are empty', () => {
    const op = { ...empty, op: { $case: 'source' as const, value: { identifier: '', attrs: new Map([['', '']]) } } };
    expect(hex(encodeOp(op))).toBe('1a0612040a001200');
  });

  test('maps are sorted by the bytes of their keys, not by UTF-16 units', () => {
    const keys = ['\u{1f600}', '\uffee', 'b', 'a', 'ab', ''];
    const attrs = new Map(keys.map((key) => [key, '1']));
    const op = decodeOp(encodeOp({ ...empty, op: { $case: 'source', value: { identifier: 'x', attrs } } }));
    const written = op.op?.$case === 'source' ? [...op.op.value.attrs.keys()] : [];
    expect(written).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  test('lengths of any size', () => {
    for (const length of [0, 1, 127, 128, 16_383, 16_384, 3_000_000]) {
      const data = new Uint8Array(length).fill(7);
      const action = { $case: 'mkfile' as const, value: { path: 'é'.repeat(length % 5000), data } };
      const op = pb.Op.fromPartial({ op: { $case: 'file', value: { actions: [{ action }] } } });
      expect(Buffer.compare(encodeOp(op), pb.Op.encode(op).finish())).toBe(0);
    }
  });
});

test('what is no op is refused', () => {
  expect(() => decodeOp(new Uint8Array([0x0a, 0xff]))).toThrow(InvalidOpError);
  expect(() => decodeOp(new TextEncoder().encode('not protobuf'))).toThrow(InvalidOpError);
  expect(() => opFromJSON({ exec: { network: 'NOWHERE' } })).toThrow(InvalidOpError);
});
