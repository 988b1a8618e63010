import type { ModuleOutput, OpId, Request } from '@hlb/ir';

/**
 * What a pipeline asks for, while it is put together. A leaf knows the outputs that were evaluated for it: they run in its stage,
 * whatever became of their value.
 */
export type Stage =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'leaf'; readonly value: OpId | undefined; readonly outputs: readonly OpId[] }
  | { readonly kind: 'parallel'; readonly parts: readonly Stage[] }
  | { readonly kind: 'sequential'; readonly parts: readonly Stage[] };

export const noStage: Stage = { kind: 'nothing' };

export function leaf(value: OpId | undefined, outputs: readonly OpId[]): Stage {
  return value === undefined && outputs.length === 0 ? noStage : { kind: 'leaf', value, outputs };
}

/** Stages one after the other, or side by side: empty ones vanish, equal groups melt together, one stage stands for itself. */
export function group(kind: 'parallel' | 'sequential', stages: readonly Stage[]): Stage {
  const parts = stages.flatMap((stage) =>
    stage.kind === 'nothing' ? [] : stage.kind === kind ? stage.parts : [stage],
  );
  const [first] = parts;
  if (first === undefined) return noStage;
  return parts.length === 1 ? first : { kind, parts };
}

/** The request that a stage stands for, and the place of each output in it. */
export function finishStage(stage: Stage, path: readonly number[], place: (output: ModuleOutput) => void): Request {
  switch (stage.kind) {
    case 'nothing':
      return { kind: 'nothing' };
    case 'leaf':
      for (const op of stage.outputs) place({ op, stage: path });
      return stage.value === undefined ? { kind: 'nothing' } : { kind: 'solve', value: stage.value };
    case 'parallel':
    case 'sequential':
      return {
        kind: stage.kind,
        requests: stage.parts.map((part, index) => finishStage(part, [...path, index], place)),
      };
  }
}
