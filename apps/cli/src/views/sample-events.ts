import type { StepId } from '@hlb/plan';
import type { SolveEvent } from '@hlb/runtime';

const step = 'solve-1' as StepId;

/** A vertex event; times in ms. For tests of views. */
export function vertex(
  digest: string,
  name: string,
  change: { started?: number; completed?: number; cached?: boolean; error?: string } = {},
): SolveEvent {
  return { kind: 'vertex', step, digest, name, inputs: [], cached: false, ...change };
}

/** A chunk of a vertex' log. */
export function log(digest: string, time: number, text: string, stream: 'stdout' | 'stderr' = 'stdout'): SolveEvent {
  return { kind: 'log', step, vertex: digest, time, stream, data: Buffer.from(text) };
}

/** A counter of a vertex. */
export function progress(digest: string, id: string, current: bigint, total: bigint, completed?: number): SolveEvent {
  return {
    ...({ kind: 'progress', step, vertex: digest, id, name: id, current, total } as const),
    ...(completed === undefined ? {} : { completed }),
  };
}
