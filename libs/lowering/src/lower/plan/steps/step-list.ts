import type { OpId } from '@hlb/ir';
import { type Step, type StepId, stepId } from '@hlb/plan';
import type { StepIndex } from '../definitions.js';

/** The steps of a plan as they are made, in order, and the ops that they stand for. */
export class StepList implements StepIndex {
  readonly steps: Step[] = [];
  readonly frontends: Map<OpId, StepId> = new Map();
  readonly outputs: Map<OpId, StepId> = new Map();
  readonly questions: Map<OpId, StepId> = new Map();
  /** The questions of the part of a request that is prepared last: what it reads of this host, it reads after them. */
  asked: OpId[] = [];
  readonly #counts = new Map<string, number>();

  /** The id of the next step of a kind: `frontend-1`. */
  next(kind: string): StepId {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return stepId(`${kind}-${count}`);
  }
}

export function addStep(steps: Set<StepId>, step: StepId | undefined): void {
  if (step !== undefined) steps.add(step);
}
