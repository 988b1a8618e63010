import { type FrontendStep, resolveLater, type StepResult, type StepResults } from '@hlb/plan';
import type { StepRun } from './step-run.js';

/** Lets a frontend make LLB of its inputs, in the build's one session with all that it serves. Nothing of it is built yet. */
export async function runFrontendStep(step: FrontendStep, results: StepResults, run: StepRun): Promise<StepResult> {
  const gateway = await run.build.gateway(step.entitlements, run.signal);
  run.started(gateway.ref);
  const inputs = [...step.inputs].map(([name, input]) => [name, resolveLater(input, results)] as const);
  const result = await gateway.solve(
    {
      frontend: step.frontend,
      frontendAttrs: resolveLater(step.attrs, results),
      frontendInputs: new Map(inputs),
    },
    run.signal,
  );
  const { refs, metadata } = result;
  const only = refs.kind === 'one' ? refs.ref : [...refs.refs.values()][0];
  return { kind: 'frontend', definition: only?.definition, metadata };
}
