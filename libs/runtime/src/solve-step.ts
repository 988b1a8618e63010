import { resolveLater, type SolveStep, type StepResult } from '@hlb/plan';
import type { StepRun } from './step-run.js';

/** Solves a definition and leaves the result in the engine's cache. */
export async function runSolveStep(step: SolveStep, run: StepRun): Promise<StepResult> {
  const definition = resolveLater(step.definition, run.results);
  // Scratch: there is nothing to solve, and the engine would refuse it.
  if (definition.def.length === 0) return { kind: 'solve' };
  const running = run.solve({ definition, session: run.build.sessionId, entitlements: step.entitlements });
  run.started(running.ref);
  const heard = run.hear(running);
  try {
    await running.done;
    run.resulted({ kind: 'solve' });
  } finally {
    await heard;
  }
  return { kind: 'solve' };
}
