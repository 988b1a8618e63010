import type { IrModule, Op, OpId } from '@hlb/ir';
import type { Step, StepId } from '@hlb/plan';
import { opOf } from '../../lowerer.js';
import { type Definitions, opsOf } from '../definitions.js';
import type { Reach } from '../reach.js';
import { addStep, type StepList } from '../steps/step-list.js';
import type { StepOrder } from '../steps/step-order.js';
import { questionTexts } from './late-questions.js';
import { questionOf } from './question.js';

const noSession: Step['session'] = { directories: [], secrets: [], agents: [] };

/** Makes the steps that ask this host or a registry once pushes are done. */
export class QuestionSteps {
  readonly #module: IrModule;
  readonly #reach: Reach;
  readonly #definitions: Definitions;
  readonly #order: StepOrder;
  readonly #list: StepList;
  /** What has no step yet, in order. */
  readonly #waiting: Set<OpId>;

  constructor(definitions: Definitions, reach: Reach, order: StepOrder, list: StepList, questions: ReadonlySet<OpId>) {
    this.#module = definitions.context.module;
    this.#definitions = definitions;
    this.#reach = reach;
    this.#order = order;
    this.#list = list;
    this.#waiting = new Set(questions);
  }

  /** Gives the questions before an op their steps, as soon as what they wait for has its own: nothing else holds them up. */
  ask(end: number, barrier: readonly StepId[]): void {
    for (const id of this.#waiting) {
      if (id >= end) return;
      const op = opOf(this.#module, id);
      const asked = opsOf(questionTexts(op));
      const { pushes, questions } = this.#reach.late(asked);
      const waits = questions.some((other) => this.#waiting.has(other));
      if (waits || pushes.some((push) => !this.#list.outputs.has(push))) continue;
      const question = questionOf(this.#definitions, op);
      const after = new Set(this.#order.after(barrier, asked));
      // Commands of one part run one after the other, as they were written, and what stands after them is looked up after them.
      if (readsHost(op)) addStep(after, this.#order.lastCommand());
      const step: Step = {
        kind: 'fact',
        id: this.#list.next(question.asks),
        ...question,
        needs: this.#definitions.needs(asked),
        after: [...after],
        session: noSession,
        entitlements: [],
        call: op.origins[0],
      };
      this.#list.steps.push(step);
      this.#list.questions.set(id, step.id);
      this.#waiting.delete(id);
      this.#list.asked.push(id);
    }
  }
}

/** Whether an op's question is about this host, on which commands may change what there is. */
function readsHost({ kind }: Op): boolean {
  return kind === 'command' || kind === 'local' || kind === 'run';
}
