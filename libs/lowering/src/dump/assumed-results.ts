import { offlineStepFacts, type StepFacts } from '@hlb/facts';
import { type Definition, digestOf, emptyDefinition } from '@hlb/llb';
import {
  type FrontendStep,
  type OutputStep,
  type Plan,
  resolveLater,
  type Step,
  type StepFactPort,
  type StepId,
  type StepResult,
} from '@hlb/plan';

const zeroDigest = `sha256:${'0'.repeat(64)}`;

/** Whom is asked in place of running steps. */
export type AssumedFacts = StepFacts & StepFactPort;

/**
 * What each step would give, by the facts; each is asked with what those before it gave. A question that is made of a digest that no
 * fact says is not put to anyone: its answer is empty. Without facts nothing is known.
 *
 * @throws LoweringProblem where an answer shows something wrong with the program
 */
export async function assumedResults(
  plan: Plan,
  facts: AssumedFacts | undefined,
): Promise<ReadonlyMap<StepId, StepResult>> {
  const assuming = new Assuming(facts);
  for (const step of plan.steps) assuming.results.set(step.id, await assuming.result(step));
  return assuming.results;
}

class Assuming {
  readonly results = new Map<StepId, StepResult>();
  readonly #facts: AssumedFacts | undefined;
  readonly #steps: StepFacts;
  /** Steps whose results are made up. */
  readonly #unknown = new Set<StepId>();

  constructor(facts: AssumedFacts | undefined) {
    this.#facts = facts;
    this.#steps = facts ?? offlineStepFacts();
  }

  async result(step: Step): Promise<StepResult> {
    switch (step.kind) {
      case 'solve':
        return { kind: 'solve' };
      case 'output':
        return { kind: 'output', response: await this.#response(step) };
      case 'frontend':
        return frontendResult(step, this.results, this.#steps);
      case 'fact':
        if (this.#facts !== undefined && !step.needs.some((id) => this.#unknown.has(id))) {
          return step.ask(this.results, this.#facts);
        }
        this.#unknown.add(step.id);
        return { kind: 'fact', text: '' };
    }
  }

  async #response(step: OutputStep): Promise<ReadonlyMap<string, string>> {
    const push = step.outputs.find((output) => output.kind === 'push');
    if (push?.kind !== 'push') return new Map();
    const digest = await this.#steps.pushDigest(resolveLater(push.ref, this.results));
    if (digest === undefined) this.#unknown.add(step.id);
    return new Map([['containerimage.digest', digest ?? zeroDigest]]);
  }
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
