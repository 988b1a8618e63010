import { resolveLater, type SolveStep, type StepResult } from '@hlb/plan';
import { commonOptions } from '../settings/solve-settings.js';
import type { StepRun } from './step-run.js';

/** Solves a definition and leaves the result in the engine's cache. */
export async function runSolveStep(step: SolveStep, run: StepRun): Promise<StepResult> {
  const { results } = run;
  const definitions = [step, ...(step.parts ?? [])].map(({ definition }) => resolveLater(definition, results));
  const [definition] = definitions;
  // Scratch: there is nothing to solve, and the engine would refuse it.
  if (definitions.every(({ def }) => def.length === 0)) return { kind: 'solve' };
  const { sessionId, settings } = run.build;
  await run.caches.include(step, results);
  const request = {
    ...{ session: sessionId, entitlements: step.entitlements, cacheExports: run.caches.own(step) },
    ...(definition === undefined ? {} : { definition }),
    ...commonOptions(settings),
  };
  const running = run.solve(request);
  run.started(running.ref);
  const heard = run.hear(running);
  try {
    await run.caches.exported(await running.done);
    run.resulted({ kind: 'solve' });
  } finally {
    await heard;
  }
  return { kind: 'solve' };
}
