import type { IrModule, OpId } from '@hlb/ir';
import type { StepId } from '@hlb/plan';
import { opOf } from '../../lowerer.js';
import type { Reach } from '../reach.js';
import { addStep, type StepList } from './step-list.js';

/** Which steps stand before others. */
export class StepOrder {
  readonly #module: IrModule;
  readonly #reach: Reach;
  readonly #list: StepList;

  constructor(module: IrModule, reach: Reach, list: StepList) {
    this.#module = module;
    this.#reach = reach;
    this.#list = list;
  }

  /**
   * What a step that reads these values stands after.
   * @param barrier the steps that its stage follows
   */
  after(barrier: readonly StepId[], values: readonly OpId[]): readonly StepId[] {
    const own = new Set<StepId>();
    const { frontends, pushes, questions } = this.#reach.late(values);
    for (const id of questions) addStep(own, this.#list.questions.get(id));
    for (const id of this.#commandsBefore(values)) addStep(own, this.#list.questions.get(id));
    for (const id of frontends) addStep(own, this.#list.frontends.get(id));
    for (const id of [...pushes, ...this.#reach.outputs(values)]) addStep(own, this.#list.outputs.get(id));
    // All steps of a stage stand after the same ones: most share that list.
    return own.size === 0 ? barrier : [...new Set([...barrier, ...own])];
  }

  /** The last command of this host in the part that is prepared. */
  lastCommand(): StepId | undefined {
    const last = this.#list.asked.findLast((id) => opOf(this.#module, id).kind === 'command');
    return last === undefined ? undefined : this.#list.questions.get(last);
  }

  /** Commands after which values read this host: what they write is for those that stand after them, as it is of commands before all. */
  #commandsBefore(values: readonly OpId[]): readonly OpId[] {
    const commands = this.#list.asked.filter((id) => opOf(this.#module, id).kind === 'command');
    if (commands.length === 0) return [];
    const locals = this.#reach.needs(values).filter((id) => opOf(this.#module, id).kind === 'local');
    const last = locals.reduce<number>((latest, id) => Math.max(latest, id), -1);
    return commands.filter((id) => id < last);
  }
}
