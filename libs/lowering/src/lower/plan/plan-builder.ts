import type { FrontendOp, IrModule, Op, OpId, Request, Target, Text } from '@hlb/ir';
import { formatPlatform } from '@hlb/llb';
import {
  type FrontendStep,
  type Later,
  type Plan,
  type PlanRequest,
  type PlanTarget,
  type Step,
  type StepId,
  stepId,
} from '@hlb/plan';
import { runWalk, type Walk } from '../../walk/walk.js';
import type { LoweringContext } from '../lowerer.js';
import { opOf } from '../lowerer.js';
import { check } from '../problem.js';
import { imageReference } from '../values.js';
import { Definitions, opsOf } from './definitions.js';
import { lowerOutput, outputName, outputTexts } from './outputs.js';
import { lateQuestions, questionTexts } from './questions/late-questions.js';
import { questionOf } from './questions/question.js';
import { isOutputOp, Reach } from './reach.js';
import { aloneRequest, inputsRequest, outputRequest } from './requests.js';
import { type StageOutputs, stageOutputs } from './stage-outputs.js';
import { StepNeeds } from './step-needs.js';

/** Builds the steps of a plan, each after those that it needs and those that its stage follows. */
export class PlanBuilder {
  readonly #context: LoweringContext;
  readonly #module: IrModule;
  readonly #reach: Reach;
  readonly #definitions: Definitions;
  readonly #needs: StepNeeds;
  readonly #steps: Step[] = [];
  readonly #counts = new Map<string, number>();
  readonly #frontendSteps = new Map<OpId, StepId>();
  readonly #outputSteps = new Map<OpId, StepId>();
  /** Ops below which every frontend and output has its step. */
  readonly #done = new Set<OpId>();
  readonly #questionSteps = new Map<OpId, StepId>();
  /** What is asked once pushes are done and has no step yet, in order. */
  readonly #questions: Set<OpId>;
  /** The questions of the part of a request that is prepared last: what it reads of this host, it reads after them. */
  #asked: OpId[] = [];
  readonly #outputs: StageOutputs;

  constructor(context: LoweringContext) {
    this.#context = context;
    this.#module = context.module;
    const questions = lateQuestions(context.module, context.answers, context.level);
    this.#questions = new Set(questions);
    this.#reach = new Reach(context.module, questions);
    this.#definitions = new Definitions(context, this.#reach, {
      frontends: this.#frontendSteps,
      outputs: this.#outputSteps,
      questions: this.#questionSteps,
    });
    this.#needs = new StepNeeds(context.module, this.#reach, this.#definitions);
    this.#outputs = stageOutputs(context.module.outputs);
  }

  build(): Plan {
    const targets = this.#module.targets.map((target, index) => this.#target(target, index));
    return { steps: this.#steps, targets, platform: formatPlatform(this.#context.platform) };
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
        const step = this.#solve(name, request.value, definition, barrier);
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
    const groups = this.#outputGroups(fresh);
    this.#asked = [];
    for (const id of fresh) {
      this.#ask(id, barrier);
      const op = opOf(this.#module, id);
      if (op.kind === 'frontend') this.#frontend(id, op, barrier);
      const group = groups.get(id);
      if (group !== undefined) this.#output(group, barrier);
    }
    this.#ask(this.#module.ops.length, barrier);
    const made = new Set<StepId>();
    for (const id of fresh) addStep(made, this.#outputSteps.get(id));
    for (const id of this.#asked) addStep(made, this.#questionSteps.get(id));
    for (const step of made) steps.add(step);
    for (const id of this.#reach.outputs(ids)) addStep(steps, this.#outputSteps.get(id));
    return [...made];
  }

  /**
   * Outputs of one value share a solve, where their names and paths are known before: above `-O0` by the first of them. The map
   * gives the group of each first one.
   */
  #outputGroups(ids: readonly OpId[]): ReadonlyMap<OpId, readonly OpId[]> {
    const groups = new Map<OpId, OpId[]>();
    const byValue = new Map<OpId, OpId[]>();
    for (const id of ids) {
      const op = opOf(this.#module, id);
      if (!isOutputOp(op)) continue;
      const value = this.#underlying(op.input);
      const { level, severalPlatforms } = this.#context;
      // Which values are one may differ between platforms, and the outputs of all must be the same.
      const alone = level === 'O0' || severalPlatforms || outputTexts(op).length > 0;
      const shared = alone ? undefined : byValue.get(value);
      if (shared !== undefined) {
        shared.push(id);
        continue;
      }
      const group = [id];
      groups.set(id, group);
      if (outputTexts(op).length === 0) byValue.set(value, group);
    }
    return groups;
  }

  /** The value that outputs give on. */
  #underlying(id: OpId): OpId {
    let at = id;
    for (let op = opOf(this.#module, at); isOutputOp(op); op = opOf(this.#module, at)) at = op.input;
    return at;
  }

  #frontend(id: OpId, op: FrontendOp, barrier: readonly StepId[]): void {
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
      id: this.#id('frontend'),
      name: `frontend ${known ?? ''}`.trimEnd(),
      frontend: builtin ?? 'gateway.v0',
      attrs,
      inputs,
      after: this.#after(barrier, [
        ...values,
        ...opsOf([op.source, ...op.opts.flatMap(({ key, value }) => [key, value])]),
      ]),
      ...needs,
      call: op.origins[0],
    };
    this.#steps.push(step);
    this.#frontendSteps.set(id, step.id);
  }

  /** Gives the questions before an op their steps, as soon as what they wait for has its own: nothing else holds them up. */
  #ask(end: number, barrier: readonly StepId[]): void {
    for (const id of this.#questions) {
      if (id >= end) return;
      const op = opOf(this.#module, id);
      const asked = opsOf(questionTexts(op));
      const { pushes, questions } = this.#reach.late(asked);
      const waits = questions.some((other) => this.#questions.has(other));
      if (waits || pushes.some((push) => !this.#outputSteps.has(push))) continue;
      const question = questionOf(this.#definitions, op);
      const after = new Set(this.#after(barrier, asked));
      // Commands of one part run one after the other, as they were written, and what stands after them is looked up after them.
      if (readsHost(op)) addStep(after, this.#lastCommand());
      const step: Step = {
        kind: 'fact',
        id: this.#id(question.asks),
        ...question,
        needs: this.#definitions.needs(asked),
        after: [...after],
        session: noSession,
        entitlements: [],
        call: op.origins[0],
      };
      this.#steps.push(step);
      this.#questionSteps.set(id, step.id);
      this.#questions.delete(id);
      this.#asked.push(id);
    }
  }

  #output(group: readonly OpId[], barrier: readonly StepId[]): void {
    const ops = group.map((id) => opOf(this.#module, id)).filter(isOutputOp);
    const [first] = ops;
    if (first === undefined) return;
    const value = this.#underlying(first.input);
    const outputs = ops.map((op) => lowerOutput(this.#definitions, op));
    const needs = this.#needs.of([value]);
    const step: Step = {
      kind: 'output',
      id: this.#id(first.kind),
      name: ops.map(outputName).join(', '),
      definition: outputRequest(this.#definitions, value, outputs, ops.map(outputName).join(', '), first),
      outputs,
      after: this.#after(barrier, [first.input, ...ops.flatMap(outputTexts)]),
      ...needs,
      call: first.origins[0],
    };
    this.#steps.push(step);
    for (const id of group) this.#outputSteps.set(id, step.id);
  }

  /** The step that solves a value: an output's, where the value is what that output gives on. */
  #solve(name: string, value: OpId, definition: Later<FrontendInput>, barrier: readonly StepId[]): StepId {
    const op = opOf(this.#module, value);
    const own = isOutputOp(op) ? this.#outputSteps.get(value) : undefined;
    if (own !== undefined) return own;
    const needs = this.#needs.of([value]);
    const step: Step = {
      kind: 'solve',
      id: this.#id('solve'),
      name,
      definition,
      after: this.#after(barrier, [value]),
      ...needs,
      call: op.origins[0],
    };
    this.#steps.push(step);
    return step.id;
  }

  #after(barrier: readonly StepId[], values: readonly OpId[]): readonly StepId[] {
    const own = new Set<StepId>();
    const { frontends, pushes, questions } = this.#reach.late(values);
    for (const id of questions) addStep(own, this.#questionSteps.get(id));
    for (const id of this.#commandsBefore(values)) addStep(own, this.#questionSteps.get(id));
    for (const id of frontends) addStep(own, this.#frontendSteps.get(id));
    for (const id of [...pushes, ...this.#reach.outputs(values)]) addStep(own, this.#outputSteps.get(id));
    // All steps of a stage stand after the same ones: most share that list.
    return own.size === 0 ? barrier : [...new Set([...barrier, ...own])];
  }

  #lastCommand(): StepId | undefined {
    const last = this.#asked.findLast((id) => opOf(this.#module, id).kind === 'command');
    return last === undefined ? undefined : this.#questionSteps.get(last);
  }

  /** Commands after which values read this host: what they write is for those that stand after them, as it is of commands before all. */
  #commandsBefore(values: readonly OpId[]): readonly OpId[] {
    const commands = this.#asked.filter((id) => opOf(this.#module, id).kind === 'command');
    if (commands.length === 0) return [];
    const locals = this.#reach.needs(values).filter((id) => opOf(this.#module, id).kind === 'local');
    const last = Math.max(-1, ...locals);
    return commands.filter((id) => id < last);
  }

  #id(kind: string): StepId {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return stepId(`${kind}-${count}`);
  }
}

/** Whether an op's question is about this host, on which commands may change what there is. */
function readsHost({ kind }: Op): boolean {
  return kind === 'command' || kind === 'local' || kind === 'run';
}

/** What a request has become, and the steps after which what follows it may start: all others of it stand before these. */
interface PlannedRequest {
  readonly request: PlanRequest;
  readonly last: readonly StepId[];
}

const noSession: Step['session'] = { directories: [], secrets: [], agents: [] };

type FrontendInput = FrontendStep['inputs'] extends ReadonlyMap<string, Later<infer Definition>> ? Definition : never;

function addStep(steps: Set<StepId>, step: StepId | undefined): void {
  if (step !== undefined) steps.add(step);
}
