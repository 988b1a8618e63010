import { type OpId, operands } from '@hlb/ir';
import type { Evaluation } from '../evaluation.js';
import type { Value } from '../values.js';
import { type OutputPlaces, placePath, type StagePlace, solvedValues } from './stages.js';

/**
 * Gives every output its stage. Outputs that were evaluated for a stage have theirs; one that was evaluated before, as an
 * argument of a pipeline's function, belongs to the first stage whose value it is part of, else to its target as a whole.
 */
export function placeOutputs(
  e: Evaluation,
  places: OutputPlaces,
  targets: readonly { readonly value: Value; readonly outputs: readonly OpId[] }[],
): void {
  if (e.outputs.some((op) => !places.has(op))) {
    const seen = new Set<OpId>();
    targets.forEach(({ value }, index) => {
      if (value.kind !== 'pipeline') return;
      for (const solved of solvedValues(value.stage, { above: undefined, index })) {
        placeReached(e, solved.value, solved.place, places, seen);
      }
    });
    targets.forEach(({ outputs }, index) => {
      for (const op of outputs) if (!places.has(op)) places.set(op, { above: undefined, index });
    });
  }
  // Outputs of one stage share its path.
  const paths = new Map<StagePlace | undefined, readonly number[]>();
  for (const op of e.outputs) {
    const place = places.get(op);
    const path = paths.get(place) ?? placePath(place);
    paths.set(place, path);
    e.builder.output(op, path);
  }
}

function placeReached(e: Evaluation, value: OpId, place: StagePlace, places: OutputPlaces, seen: Set<OpId>): void {
  const pending: OpId[] = [value];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const op = e.builder.op(id);
    if (isOutput(op.kind) && !places.has(id)) places.set(id, place);
    pending.push(...operands(op));
  }
}

function isOutput(kind: string): boolean {
  return kind.startsWith('download') || kind === 'docker-push' || kind === 'docker-load';
}
