import type { FrontendOp, IrModule, OpId } from '@hlb/ir';
import type { FrontendStep, Later, Step, StepId } from '@hlb/plan';
import { opOf } from '../../lowerer.js';
import { check } from '../../problem.js';
import { imageReference } from '../../values.js';
import { type Definitions, opsOf } from '../definitions.js';
import { underlyingValue } from '../output-groups.js';
import { lowerOutput, outputName, outputTexts } from '../outputs.js';
import { isOutputOp } from '../reach.js';
import { inputsRequest, outputRequest } from '../requests.js';
import type { StepList } from './step-list.js';
import type { StepNeeds } from './step-needs.js';
import type { StepOrder } from './step-order.js';

/** Makes the steps that an engine does: frontends, outputs and solves. */
export class BuildSteps {
  readonly #module: IrModule;
  readonly #definitions: Definitions;
  readonly #needs: StepNeeds;
  readonly #order: StepOrder;
  readonly #list: StepList;

  constructor(definitions: Definitions, needs: StepNeeds, order: StepOrder, list: StepList) {
    this.#module = definitions.context.module;
    this.#definitions = definitions;
    this.#needs = needs;
    this.#order = order;
    this.#list = list;
  }

  frontend(id: OpId, op: FrontendOp, barrier: readonly StepId[]): void {
    const known = typeof op.source.text === 'string' ? op.source.text : undefined;
    const builtin = known === 'dockerfile.v0' || known === 'gateway.v0' ? known : undefined;
    const source: readonly [string, Later<string>] | undefined =
      builtin === undefined
        ? ['source', this.#definitions.text(op.source, (text) => check(op, op.source, () => imageReference(text)))]
        : undefined;
    const attrs = this.#definitions.attributes(op.opts, source);
    const inputs = inputsRequest(this.#definitions, op, attrs, known ?? 'a frontend');
    const values = op.inputs.map(({ value }) => value);
    const needs = this.#needs.of(values);
    const step: FrontendStep = {
      kind: 'frontend',
      id: this.#list.next('frontend'),
      name: `frontend ${known ?? ''}`.trimEnd(),
      frontend: builtin ?? 'gateway.v0',
      attrs,
      inputs,
      after: this.#order.after(barrier, [
        ...values,
        ...opsOf([op.source, ...op.opts.flatMap(({ key, value }) => [key, value])]),
      ]),
      ...needs,
      call: op.origins[0],
    };
    this.#list.steps.push(step);
    this.#list.frontends.set(id, step.id);
  }

  /** Outputs of one value, in one solve. */
  output(group: readonly OpId[], barrier: readonly StepId[]): void {
    const ops = group.map((id) => opOf(this.#module, id)).filter(isOutputOp);
    const [first] = ops;
    if (first === undefined) return;
    const value = underlyingValue(this.#module, first.input);
    const outputs = ops.map((op) => lowerOutput(this.#definitions, op));
    const needs = this.#needs.of([value]);
    const step: Step = {
      kind: 'output',
      id: this.#list.next(first.kind),
      name: ops.map(outputName).join(', '),
      definition: outputRequest(this.#definitions, value, outputs, ops.map(outputName).join(', '), first),
      outputs,
      after: this.#order.after(barrier, [first.input, ...ops.flatMap(outputTexts)]),
      ...needs,
      call: first.origins[0],
    };
    this.#list.steps.push(step);
    for (const id of group) this.#list.outputs.set(id, step.id);
  }

  /** The step that solves a value: an output's, where the value is what that output gives on. */
  solve(name: string, value: OpId, definition: Later<FrontendInput>, barrier: readonly StepId[]): StepId {
    const op = opOf(this.#module, value);
    const own = isOutputOp(op) ? this.#list.outputs.get(value) : undefined;
    if (own !== undefined) return own;
    const needs = this.#needs.of([value]);
    const step: Step = {
      kind: 'solve',
      id: this.#list.next('solve'),
      name,
      definition,
      after: this.#order.after(barrier, [value]),
      ...needs,
      call: op.origins[0],
    };
    this.#list.steps.push(step);
    return step.id;
  }
}

type FrontendInput = FrontendStep['inputs'] extends ReadonlyMap<string, Later<infer Definition>> ? Definition : never;
