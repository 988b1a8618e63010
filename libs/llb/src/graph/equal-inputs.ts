import { fewInputs } from './input-list.js';
import type { OpKind, Output, Vertex } from './vertex.js';

/** Whether different inputs of a vertex are the same op. They are one input then, unless the op tells inputs apart by place. */
export function hasEqualInputs(kind: OpKind, inputs: readonly Output[], digest: (vertex: Vertex) => string): boolean {
  if (inputs.length < 2 || tellsInputsApart(kind)) return false;
  if (inputs.length > fewInputs) {
    return new Set(inputs.map(({ vertex, index }) => `${digest(vertex)} ${index}`)).size < inputs.length;
  }
  return inputs.some(({ vertex, index }, place) => {
    for (let other = 0; other < place; other += 1) {
      const before = inputs[other];
      if (before?.index === index && digest(before.vertex) === digest(vertex)) return true;
    }
    return false;
  });
}

function tellsInputsApart(kind: OpKind): boolean {
  return kind === 'merge' || kind === 'diff' || kind === 'passthrough';
}
