import type { OpId, Request } from '@hlb/ir';
import { runWalk, type Walk } from '../../walk/walk.js';

/**
 * What a pipeline asks for, while it is put together. A leaf knows the outputs that were evaluated for it: they run in its stage,
 * whatever became of their value. A group whose parts are of its own kind stands for all of theirs, as {@link meltedParts} gives them.
 */
export type Stage =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'leaf'; readonly value: OpId | undefined; readonly outputs: readonly OpId[] }
  | StageGroup;

interface StageGroup {
  readonly kind: 'parallel' | 'sequential';
  readonly parts: readonly Stage[];
}

export const noStage: Stage = { kind: 'nothing' };

export function leaf(value: OpId | undefined, outputs: readonly OpId[]): Stage {
  return value === undefined && outputs.length === 0 ? noStage : { kind: 'leaf', value, outputs };
}

/** Stages one after the other, or side by side: empty ones vanish, one stage stands for itself. */
export function group(kind: StageGroup['kind'], stages: readonly Stage[]): Stage {
  const parts = stages.filter((stage) => stage.kind !== 'nothing');
  const [first] = parts;
  if (first === undefined) return noStage;
  return parts.length === 1 ? first : { kind, parts };
}

/**
 * The parts of a group, with those of equal groups in it. They melt together once, when all is put together: each pipeline that calls
 * another would copy what that one has.
 */
function meltedParts(of: StageGroup): readonly Stage[] {
  const melted: Stage[] = [];
  const open = [...of.parts].reverse();
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    if (stage.kind === of.kind) for (const part of [...stage.parts].reverse()) open.push(part);
    else melted.push(stage);
  }
  return melted;
}

/** A place in the tree of requests: of a target, of a stage of it, and so on. */
export interface StagePlace {
  readonly above: StagePlace | undefined;
  readonly index: number;
}

/** The stage of each output. */
export type OutputPlaces = Map<OpId, StagePlace>;

/** The request that a stage stands for; the outputs of its leaves get their places, unless they have some. */
export function finishStage(stage: Stage, place: StagePlace, places: OutputPlaces): Request {
  return runWalk(requestWalk(stage, place, places), { kind: 'nothing' });
}

function* requestWalk(stage: Stage, place: StagePlace, places: OutputPlaces): Walk<Request> {
  switch (stage.kind) {
    case 'nothing':
      return { kind: 'nothing' };
    case 'leaf':
      for (const op of stage.outputs) if (!places.has(op)) places.set(op, place);
      return stage.value === undefined ? { kind: 'nothing' } : { kind: 'solve', value: stage.value };
    case 'parallel':
    case 'sequential': {
      const requests: Request[] = [];
      for (const [index, part] of meltedParts(stage).entries()) {
        requests.push(yield requestWalk(part, { above: place, index }, places));
      }
      return { kind: stage.kind, requests };
    }
  }
}

/** The values that a stage solves, in order, each with its place. */
export function* solvedValues(
  stage: Stage,
  place: StagePlace,
): Generator<{ readonly value: OpId; readonly place: StagePlace }> {
  const open = [{ stage, place }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { stage: at, place: above } = next;
    if (at.kind === 'leaf' && at.value !== undefined) yield { value: at.value, place: above };
    if (at.kind !== 'parallel' && at.kind !== 'sequential') continue;
    const parts = meltedParts(at).map((part, index) => ({ stage: part, place: { above, index } }));
    for (const part of parts.reverse()) open.push(part);
  }
}

/** The places from the root down, as the IR has them. */
export function placePath(place: StagePlace | undefined): readonly number[] {
  const path: number[] = [];
  for (let at = place; at !== undefined; at = at.above) path.push(at.index);
  return path.reverse();
}
