import type { IrModule, OpId, Request, Target, Text } from '@hlb/ir';
import { formatPlatform } from '@hlb/llb';
import type { Plan, PlanRequest, PlanTarget, StepId } from '@hlb/plan';
import { runWalk, type Walk } from '../../walk/walk.js';
import type { LoweringContext } from '../lowerer.js';
import { opOf } from '../lowerer.js';
import { Definitions, opsOf } from './definitions.js';
import { outputGroups } from './output-groups.js';
import { lateQuestions } from './questions/late-questions.js';
import { QuestionSteps } from './questions/question-steps.js';
import { Reach } from './reach.js';
import { aloneRequest } from './requests.js';
import { type StageOutputs, stageOutputs } from './stage-outputs.js';
import { BuildSteps } from './steps/build-steps.js';
import { addStep, StepList } from './steps/step-list.js';
import { StepNeeds } from './steps/step-needs.js';
import { StepOrder } from './steps/step-order.js';

/** Builds the steps of a plan, each after those that it needs and those that its stage follows. */
export class PlanBuilder {
  readonly #context: LoweringContext;
  readonly #module: IrModule;
  readonly #reach: Reach;
  readonly #definitions: Definitions;
  readonly #list = new StepList();
  readonly #steps: BuildSteps;
  readonly #questions: QuestionSteps;
  /** Ops below which every frontend and output has its step. */
  readonly #done = new Set<OpId>();
  readonly #outputs: StageOutputs;

  constructor(context: LoweringContext) {
    const { module } = context;
    this.#context = context;
    this.#module = module;
    const questions = lateQuestions(module, context.answers, context.level);
    const list = this.#list;
    const reach = new Reach(module, questions);
    const definitions = new Definitions(context, reach, list);
    const order = new StepOrder(module, reach, list);
    this.#reach = reach;
    this.#definitions = definitions;
    this.#steps = new BuildSteps(definitions, new StepNeeds(module, reach, definitions), order, list);
    this.#questions = new QuestionSteps(definitions, reach, order, list, questions);
    this.#outputs = stageOutputs(module.outputs);
  }

  build(): Plan {
    const targets = this.#module.targets.map((target, index) => this.#target(target, index));
    return { steps: this.#list.steps, targets, platform: formatPlatform(this.#context.platform) };
  }

  #target(target: Target, index: number): PlanTarget {
    const steps = new Set<StepId>();
    const { name, request } = target;
    const outputs = this.#outputs.part(index);
    if (request.kind === 'text') {
      const text: Text = { text: request.value };
      this.#prepare([...outputs.all(), ...opsOf([text])], [], steps);
      return { name, steps: [...steps], text: this.#definitions.text(text) };
    }
    const nothing: PlannedRequest = { request: { kind: 'nothing' }, last: [] };
    const planned = runWalk(this.#request(name, request, outputs, [], steps), nothing);
    return { name, steps: [...steps], request: planned.request };
  }

  *#request(
    name: string,
    request: Request,
    outputs: StageOutputs,
    barrier: readonly StepId[],
    steps: Set<StepId>,
  ): Walk<PlannedRequest> {
    switch (request.kind) {
      case 'nothing':
      case 'text':
        return { request: { kind: 'nothing' }, last: this.#prepare(outputs.all(), barrier, steps) };
      case 'solve': {
        const made = this.#prepare([...outputs.all(), request.value], barrier, steps);
        const definition = aloneRequest(this.#definitions, request.value, `the target ${name}`);
        const step = this.#steps.solve(name, request.value, definition, barrier);
        steps.add(step);
        return { request: { kind: 'solve', step, definition }, last: made.includes(step) ? made : [...made, step] };
      }
      case 'parallel':
      case 'sequential': {
        // What was evaluated for no part of the group was evaluated before its parts.
        const outside = this.#prepare(outputs.outside(request.requests.length), barrier, steps);
        const requests: PlanRequest[] = [];
        let before = barrier;
        const last: StepId[] = [];
        for (const [index, part] of request.requests.entries()) {
          const planned: PlannedRequest = yield this.#request(name, part, outputs.part(index), before, steps);
          requests.push(planned.request);
          if (request.kind === 'parallel') last.push(...planned.last);
          else if (planned.last.length > 0) before = planned.last;
        }
        const ends = request.kind === 'parallel' ? last : before === barrier ? [] : before;
        return { request: { kind: request.kind, requests }, last: outside.length === 0 ? ends : [...outside, ...ends] };
      }
    }
  }

  /** Gives every frontend and output below these ops its step; the steps of outputs that are new. */
  #prepare(ids: readonly OpId[], barrier: readonly StepId[], steps: Set<StepId>): readonly StepId[] {
    const fresh = this.#reach.newSteps(ids, this.#done);
    const groups = outputGroups(this.#context, fresh);
    this.#list.asked = [];
    for (const id of fresh) {
      this.#questions.ask(id, barrier);
      const op = opOf(this.#module, id);
      if (op.kind === 'frontend') this.#steps.frontend(id, op, barrier);
      const group = groups.get(id);
      if (group !== undefined) this.#steps.output(group, barrier);
    }
    this.#questions.ask(this.#module.ops.length, barrier);
    const made = new Set<StepId>();
    for (const id of fresh) addStep(made, this.#list.outputs.get(id));
    for (const id of this.#list.asked) addStep(made, this.#list.questions.get(id));
    for (const step of made) steps.add(step);
    for (const id of this.#reach.outputs(ids)) addStep(steps, this.#list.outputs.get(id));
    return [...made];
  }
}

/** What a request has become, and the steps after which what follows it may start: all others of it stand before these. */
interface PlannedRequest {
  readonly request: PlanRequest;
  readonly last: readonly StepId[];
}
