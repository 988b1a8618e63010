import { digestOf } from '@hlb/llb';
import type { FactStep, StepFactPort, StepResult, StepResults } from '@hlb/plan';
import type { SolveEvent } from '../events/events.js';
import { now } from '../events/now.js';

/** What a question has around it. */
export interface FactRun {
  readonly facts: StepFactPort;
  readonly results: StepResults;
  readonly signal: AbortSignal;
  readonly emit: (event: SolveEvent) => void;
}

/**
 * Asks this host or a registry what the results of earlier steps made a question of. It is told as a vertex, so that it is seen
 * beside those of the engine.
 */
export async function runFactStep(step: FactStep, run: FactRun): Promise<StepResult> {
  const { facts, results, signal, emit } = run;
  const started = now();
  const vertex = {
    kind: 'vertex',
    step: step.id,
    digest: digestOf(new TextEncoder().encode(`fact ${step.id}`)),
    name: step.name,
    inputs: [],
    cached: false,
    started,
  } as const;
  emit({ kind: 'step-started', time: started, step: step.id, name: step.name, stepKind: 'fact' });
  emit(vertex);
  try {
    signal.throwIfAborted();
    const result = await step.ask(results, {
      ...facts,
      command: (request) => facts.command({ ...request, signal }),
    });
    emit({ ...vertex, completed: now() });
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    emit({ ...vertex, completed: now(), error: signal.aborted ? 'context canceled' : message });
    throw error;
  }
}
