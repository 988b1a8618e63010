import { joinedNeeds } from './needs.js';
import type {
  FactStep,
  FrontendStep,
  Later,
  Needs,
  OutputStep,
  Plan,
  PlanTarget,
  PlatformPart,
  SolveStep,
  Step,
  StepId,
  StepResults,
} from './plan.js';
import { resolveLater, stepId } from './plan.js';
import { RenamedResults } from './renamed-results.js';

/** Plans of one program for several platforms ask for different things, so that they can't be done together. */
export class PlatformsDiffer extends Error {
  override readonly name = 'PlatformsDiffer';
}

type Solved = SolveStep | OutputStep;

/**
 * One plan of a program's plans for several platforms: what leaves the engine, or is left in its cache, is solved once for all of them;
 * frontends, and what is asked of registries, for each by itself; a command of this host runs once, and what there is on it is looked up
 * once, where it is given the same for all. The plans must have been made with each output apart.
 * @throws PlatformsDiffer when they don't have the same outputs
 */
export function mergePlatforms(plans: readonly Plan[]): Plan {
  const [first, ...others] = plans;
  if (first === undefined) throw new RangeError('there is no plan to merge');
  if (others.length === 0) return first;
  return new Merge(first, plans).plan();
}

class Merge {
  readonly #first: Plan;
  readonly #sources: readonly Source[];

  constructor(first: Plan, plans: readonly Plan[]) {
    this.#first = first;
    this.#sources = plans.map((plan) => new Source(plan));
  }

  plan(): Plan {
    const steps: Step[] = [];
    const given = new Set<StepId>();
    const counts = new Set(this.#sources.map(({ solved }) => solved.length));
    if (counts.size > 1) throw this.#differ();
    for (const index of (this.#sources[0]?.solved ?? []).keys()) {
      for (const source of this.#sources) steps.push(...source.othersBefore(index, given));
      steps.push(this.#merged(index));
    }
    for (const source of this.#sources) steps.push(...source.othersBefore(Number.POSITIVE_INFINITY, given));
    return {
      steps,
      targets: this.#first.targets.map((_, index) => this.#target(index)),
      platform: this.#first.platform,
    };
  }

  #merged(index: number): Solved {
    const all = this.#sources.map((source) => ({ source, step: source.step(index) }));
    const [one] = all;
    if (one?.step === undefined) throw this.#differ();
    const { step } = one;
    const parts: PlatformPart[] = [];
    for (const { source, step: other } of all) {
      if (other === undefined || !alike(step, other)) throw this.#differ();
      parts.push(source.part(other));
    }
    const steps = all.flatMap(({ step: each }) => (each === undefined ? [] : [each]));
    return {
      ...one.source.renamed(step),
      after: [...new Set(all.flatMap(({ source, step: each }) => each?.after.map((id) => source.rename(id)) ?? []))],
      ...joinedNeeds(steps),
      ...joinedLateNeeds(all.flatMap(({ source, step: each }) => (each === undefined ? [] : [source.lateNeeds(each)]))),
      parts,
    };
  }

  #target(index: number): PlanTarget {
    const targets = this.#sources.map((source) => ({ source, target: source.plan.targets[index] }));
    const [one] = targets;
    if (one?.target === undefined) throw this.#differ();
    const steps = targets.flatMap(({ source, target }) => target?.steps.map((id) => source.rename(id)) ?? []);
    const texts = targets.flatMap(({ source, target }) =>
      target?.text === undefined ? [] : [{ platform: source.plan.platform, text: source.later(target.text) }],
    );
    return {
      name: one.target.name,
      steps: [...new Set(steps)],
      ...(texts.length === 0 ? {} : { text: joinedTexts(texts) }),
    };
  }

  #differ(): PlatformsDiffer {
    return new PlatformsDiffer(
      `what the program asks for is not the same for ${this.#sources.map(({ plan }) => plan.platform).join(', ')}`,
    );
  }
}

/** A plan of one platform, with the ids that its steps have in the whole. */
class Source {
  readonly plan: Plan;
  readonly solved: readonly Solved[];
  readonly #renamed = new Map<StepId, StepId>();
  readonly #views = new WeakMap<StepResults, RenamedResults>();
  #given = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.solved = plan.steps.filter(isSolved);
    for (const step of plan.steps) {
      if (this.#isOwn(step)) this.#renamed.set(step.id, stepId(`${step.id} ${plan.platform}`));
    }
  }

  step(index: number): Solved | undefined {
    return this.solved[index];
  }

  /** What is no solve, stands before one, and was not given yet; of what all platforms share only the first's. */
  othersBefore(index: number, given: Set<StepId>): readonly (FrontendStep | FactStep)[] {
    const solve = this.solved[index];
    const end = solve === undefined ? this.plan.steps.length : this.plan.steps.indexOf(solve);
    const steps = this.plan.steps.slice(this.#given, end);
    this.#given = Math.max(this.#given, end);
    return steps.flatMap((step) => {
      if (isSolved(step)) return [];
      const other = step.kind === 'frontend' ? this.#frontend(step) : this.#fact(step);
      if (given.has(other.id)) return [];
      given.add(other.id);
      return [other];
    });
  }

  rename(id: StepId): StepId {
    return this.#renamed.get(id) ?? id;
  }

  part(step: Solved): PlatformPart {
    const outputs = step.kind === 'output' ? step.outputs : [];
    return {
      platform: this.plan.platform,
      definition: this.later(step.definition),
      configs: outputs.map((output) => ('config' in output ? this.later(output.config) : undefined)),
    };
  }

  renamed(step: Solved): Solved {
    const definition = this.later(step.definition);
    if (step.kind === 'solve') return { ...step, definition };
    const outputs = step.outputs.map((output) => ({
      ...output,
      ...('config' in output ? { config: this.later(output.config) } : {}),
      ...('ref' in output ? { ref: this.later(output.ref) } : {}),
      ...('path' in output ? { path: this.later(output.path) } : {}),
    }));
    return { ...step, definition, outputs };
  }

  /** What a step needs that is made of results, under the names that they have in the whole. */
  lateNeeds({ lateNeeds }: Step): Later<Needs> | undefined {
    return lateNeeds === undefined ? undefined : this.later(lateNeeds);
  }

  /** A value of the results under the names that they have in the whole. */
  later<T>(value: Later<T>): Later<T> {
    if (value.kind === 'known') return value;
    return {
      kind: 'later',
      needs: value.needs.map((id) => this.rename(id)),
      make: (results) => value.make(this.#view(results)),
    };
  }

  #view(results: StepResults): RenamedResults {
    const view = this.#views.get(results) ?? new RenamedResults(results, this.#renamed);
    this.#views.set(results, view);
    return view;
  }

  /** Whether a step is done for this platform by itself. */
  #isOwn(step: Step): boolean {
    if (step.kind !== 'fact') return step.kind === 'frontend';
    return step.asks === 'manifest' || step.asks === 'image-config' || step.needs.some((id) => this.#renamed.has(id));
  }

  #frontend(step: FrontendStep): FrontendStep {
    return {
      ...step,
      ...joinedLateNeeds([this.lateNeeds(step)]),
      id: this.rename(step.id),
      name: `${step.name} for ${this.plan.platform}`,
      attrs: this.later(step.attrs),
      inputs: new Map([...step.inputs].map(([name, input]) => [name, this.later(input)])),
      after: step.after.map((id) => this.rename(id)),
    };
  }

  #fact(step: FactStep): FactStep {
    const id = this.rename(step.id);
    return {
      ...step,
      id,
      name: id === step.id ? step.name : `${step.name} for ${this.plan.platform}`,
      needs: step.needs.map((need) => this.rename(need)),
      after: step.after.map((before) => this.rename(before)),
      ask: (results, facts) => step.ask(this.#view(results), facts),
    };
  }
}

function isSolved(step: Step): step is Solved {
  return step.kind === 'solve' || step.kind === 'output';
}

function alike(a: Solved, b: Solved): boolean {
  if (a.id !== b.id) return false;
  if (a.kind !== 'output' || b.kind !== 'output') return a.kind === b.kind;
  return placesOf(a) === placesOf(b);
}

/** Where outputs go, as far as it is known. */
function placesOf({ outputs }: OutputStep): string {
  return JSON.stringify(
    outputs.map((output) => {
      const place = 'path' in output ? output.path : output.ref;
      return [output.kind, place.kind === 'known' ? place.value : ''];
    }),
  );
}

/** What steps need that is made of results. */
function joinedLateNeeds(all: readonly (Later<Needs> | undefined)[]): { readonly lateNeeds?: Later<Needs> } {
  const late = all.filter((needs) => needs !== undefined);
  if (late.length === 0) return {};
  return {
    lateNeeds: {
      kind: 'later',
      needs: [...new Set(late.flatMap((one) => (one.kind === 'later' ? one.needs : [])))],
      make: (results) => joinedNeeds(late.map((one) => resolveLater(one, results))),
    },
  };
}

/** One text where all platforms give the same, else one for each, on lines of their own. */
function joinedTexts(texts: readonly { readonly platform: string; readonly text: Later<string> }[]): Later<string> {
  const join = (made: readonly string[]): string => {
    const [first = '', ...others] = made;
    if (others.every((text) => text === first)) return first;
    return made.map((text, index) => `${texts[index]?.platform}: ${text}`).join('\n');
  };
  if (texts.every(({ text }) => text.kind === 'known')) {
    return { kind: 'known', value: join(texts.flatMap(({ text }) => (text.kind === 'known' ? [text.value] : []))) };
  }
  return {
    kind: 'later',
    needs: [...new Set(texts.flatMap(({ text }) => (text.kind === 'later' ? text.needs : [])))],
    make: (results) => join(texts.map(({ text }) => (text.kind === 'known' ? text.value : text.make(results)))),
  };
}
