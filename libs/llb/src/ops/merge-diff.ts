import { checkList, checkOutput } from '../graph/check-form.js';
import { emptyInput } from '../graph/input-list.js';
import type { OpOptions } from '../graph/op-options.js';
import { opVertex } from '../graph/op-vertex.js';
import type { Output } from '../graph/vertex.js';

/** One file system laid over the other, in order. Scratch is left out: none left is scratch, and a single one is itself. */
export function merge(inputs: readonly (Output | undefined)[], options: OpOptions = {}): Output | undefined {
  checkList(inputs, 'what is merged');
  const present = inputs.filter((input) => input !== undefined);
  present.forEach(checkOutput);
  if (present.length < 2) {
    return present[0];
  }
  const value = { inputs: present.map((_, place) => ({ input: BigInt(place) })) };
  return { vertex: opVertex('merge', { $case: 'merge', value }, options, ['mergeop'], present), index: 0 };
}

/** What `upper` changes of `lower`. Without `lower` that is `upper` itself. */
export function diff(
  lower: Output | undefined,
  upper: Output | undefined,
  options: OpOptions = {},
): Output | undefined {
  if (upper !== undefined) {
    checkOutput(upper);
  }
  if (lower === undefined) {
    return upper;
  }
  checkOutput(lower);
  const inputs = upper === undefined ? [lower] : [lower, upper];
  const value = { lower: { input: 0n }, upper: { input: upper === undefined ? emptyInput : 1n } };
  return { vertex: opVertex('diff', { $case: 'diff', value }, options, ['diffop'], inputs), index: 0 };
}
