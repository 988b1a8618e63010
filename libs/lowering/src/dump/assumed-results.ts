import type { StepFacts } from '@hlb/facts';
import { type Definition, digestOf, emptyDefinition } from '@hlb/llb';
import {
  type FrontendStep,
  type OutputStep,
  type Plan,
  resolveLater,
  type Step,
  type StepId,
  type StepResult,
} from '@hlb/plan';

const zeroDigest = `sha256:${'0'.repeat(64)}`;

/** What each step would give, by the facts; each is asked with what those before it gave. */
export async function assumedResults(plan: Plan, facts: StepFacts): Promise<ReadonlyMap<StepId, StepResult>> {
  const results = new Map<StepId, StepResult>();
  for (const step of plan.steps) results.set(step.id, await assumedResult(step, results, facts));
  return results;
}

async function assumedResult(
  step: Step,
  results: ReadonlyMap<StepId, StepResult>,
  facts: StepFacts,
): Promise<StepResult> {
  switch (step.kind) {
    case 'solve':
      return { kind: 'solve' };
    case 'output':
      return { kind: 'output', response: await outputResponse(step, results, facts) };
    case 'frontend':
      return frontendResult(step, results, facts);
  }
}

async function outputResponse(
  step: OutputStep,
  results: ReadonlyMap<StepId, StepResult>,
  facts: StepFacts,
): Promise<ReadonlyMap<string, string>> {
  const push = step.outputs.find((output) => output.kind === 'push');
  if (push?.kind !== 'push') return new Map();
  const digest = await facts.pushDigest(resolveLater(push.ref, results));
  return new Map([['containerimage.digest', digest ?? zeroDigest]]);
}

async function frontendResult(
  step: FrontendStep,
  results: ReadonlyMap<StepId, StepResult>,
  facts: StepFacts,
): Promise<StepResult> {
  const attrs = resolveLater(step.attrs, results);
  const source = step.frontend === 'gateway.v0' ? (attrs.get('source') ?? step.frontend) : step.frontend;
  const answer = await facts.frontend({
    source,
    opts: [...attrs].flatMap(([key, value]) => (key === 'source' && source === value ? [] : [{ key, value }])),
    inputs: [...step.inputs].map(([key, definition]) => ({
      key,
      digest: resolveLater(definition, results).digests.at(-1) ?? '',
    })),
  });
  if (answer === undefined) return { kind: 'frontend', definition: undefined, metadata: new Map() };
  const definition: Definition = { ...emptyDefinition, def: answer.def, digests: answer.def.map(digestOf) };
  const config = new TextEncoder().encode(answer.config);
  return {
    kind: 'frontend',
    definition: answer.def.length === 0 ? undefined : definition,
    metadata: new Map(answer.config === '' ? [] : [['containerimage.config', config]]),
  };
}
