import { decodeOp, digestOf, encodeOp, opFromJSON, opToJSON } from '@hlb/llb';
import { describe, expect, test } from 'vitest';
import { conformanceCases } from '../../../tests/support/conformance.js';

interface ExpectedOp {
  readonly digest: string | null;
  readonly op: unknown;
}

/** Every op of a case, also those of requests that it lists beside the final one. */
function opsIn(value: unknown): ExpectedOp[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const below = Object.values(value).flatMap(opsIn);
  if ('op' in value && 'digest' in value && (typeof value.digest === 'string' || value.digest === null)) {
    return [{ digest: value.digest, op: value.op }, ...below];
  }
  return below;
}

const cases = conformanceCases()
  .map((one) => ({ name: one.name, ops: opsIn(one.expect) }))
  .filter(({ ops }) => ops.length > 0);

test('there are ops to compare', () => {
  expect(cases.flatMap(({ ops }) => ops).filter(({ digest }) => digest !== null).length).toBeGreaterThan(300);
});

describe('the ops of the reference implementation', () => {
  test.each(cases)('$name', ({ ops }) => {
    for (const { digest, op } of ops) {
      const bytes = encodeOp(opFromJSON(op));
      // A digest of null stands for one that depends on the machine.
      expect(digest ?? digestOf(bytes)).toBe(digestOf(bytes));
      expect(opToJSON(decodeOp(bytes))).toEqual(op);
      expect(encodeOp(decodeOp(bytes))).toEqual(bytes);
    }
  });
});
