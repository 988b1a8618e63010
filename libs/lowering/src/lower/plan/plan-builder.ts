import type { Span } from '@hlb/diagnostics';
import type { FrontendOp, IrModule, ModuleOutput, Op, OpId, Origin, Request, Target, Text } from '@hlb/ir';
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
import type { LoweringContext } from '../lowerer.js';
import { opOf } from '../lowerer.js';
import { check } from '../problem.js';
import { imageReference } from '../values.js';
import { Definitions, opsOf } from './definitions.js';
import { lowerOutput, outputName, outputTexts } from './outputs.js';
import { isOutputOp, Reach } from './reach.js';
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
  /** Outputs by the place of their stage. */
  readonly #stages = new Map<string, OpId[]>();

  constructor(context: LoweringContext) {
    this.#context = context;
    this.#module = context.module;
    this.#reach = new Reach(context.module);
    this.#definitions = new Definitions(context, this.#reach, {
      frontends: this.#frontendSteps,
      outputs: this.#outputSteps,
    });
    this.#needs = new StepNeeds(context.module, this.#reach, this.#definitions.now);
    for (const { op, stage } of context.module.outputs) this.#stageOf(stage).push(op);
  }

  build(): Plan {
    const targets = this.#module.targets.map((target, index) => this.#target(target, index));
    return { steps: this.#steps, targets, platform: formatPlatform(this.#context.platform) };
  }

  #target(target: Target, index: number): PlanTarget {
    const steps = new Set<StepId>();
    const { request } = target;
    for (const id of this.#outsideLeaves(request, index)) this.#prepare([id], [], steps);
    if (request.kind === 'text') {
      const text: Text = { text: request.value };
      this.#prepare([...opsOf([text]), ...this.#stageOf([index])], [], steps);
      return { name: target.name, steps: [...steps], text: this.#definitions.text(text) };
    }
    const planned = this.#request(target.name, request, [index], [], steps);
    return { name: target.name, steps: [...steps], request: planned };
  }

  /** Outputs of a target whose stage is no solve of it: they were evaluated before its stages. */
  #outsideLeaves(request: Request, index: number): readonly OpId[] {
    if (request.kind !== 'parallel' && request.kind !== 'sequential') return [];
    const leaves = new Set<string>();
    collectLeaves(request, [index], leaves);
    return this.#module.outputs
      .filter(({ stage }: ModuleOutput) => stage[0] === index && !leaves.has(stage.join('/')))
      .map(({ op }) => op);
  }

  #request(
    name: string,
    request: Request,
    path: readonly number[],
    barrier: readonly StepId[],
    steps: Set<StepId>,
  ): PlanRequest {
    switch (request.kind) {
      case 'nothing':
      case 'text':
        this.#prepare(this.#stageOf(path), barrier, steps);
        return { kind: 'nothing' };
      case 'solve': {
        this.#prepare([...this.#stageOf(path), request.value], barrier, steps);
        const definition = this.#definitions.definition(request.value, `the target ${name}`);
        const step = this.#solve(name, request.value, definition, barrier);
        steps.add(step);
        return { kind: 'solve', step, definition };
      }
      case 'parallel':
        return {
          kind: 'parallel',
          requests: request.requests.map((part, index) => this.#request(name, part, [...path, index], barrier, steps)),
        };
      case 'sequential': {
        let before = barrier;
        const requests = request.requests.map((part, index) => {
          const made = new Set<StepId>();
          const planned = this.#request(name, part, [...path, index], before, made);
          for (const step of made) steps.add(step);
          if (made.size > 0) before = [...made];
          return planned;
        });
        return { kind: 'sequential', requests };
      }
    }
  }

  /** Gives every frontend and output below these ops its step. */
  #prepare(ids: readonly OpId[], barrier: readonly StepId[], steps: Set<StepId>): void {
    const fresh = this.#reach.newSteps(ids, this.#done);
    const groups = this.#outputGroups(fresh);
    for (const id of fresh) {
      const op = opOf(this.#module, id);
      if (op.kind === 'frontend') this.#frontend(id, op, barrier);
      const group = groups.get(id);
      if (group !== undefined) this.#output(group, barrier);
    }
    const { outputs } = this.#reach.steps(ids);
    for (const id of outputs) {
      const step = this.#outputSteps.get(id);
      if (step !== undefined) steps.add(step);
    }
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
      const shared = this.#context.level === 'O0' || outputTexts(op).length > 0 ? undefined : byValue.get(value);
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
    const inputs = new Map<string, Later<FrontendInput>>();
    for (const { key, value } of op.inputs) {
      inputs.set(this.#definitions.now.texts.of(key), this.#definitions.definition(value, 'an input of a frontend'));
    }
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
      session: needs.session,
      entitlements: needs.entitlements,
      calls: callsOf(op),
    };
    this.#steps.push(step);
    this.#frontendSteps.set(id, step.id);
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
      definition: this.#definitions.definition(value, ops.map(outputName).join(', ')),
      outputs,
      after: this.#after(barrier, [first.input, ...ops.flatMap(outputTexts)]),
      session: needs.session,
      entitlements: needs.entitlements,
      calls: callsOf(first),
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
      session: needs.session,
      entitlements: needs.entitlements,
      calls: callsOf(op),
    };
    this.#steps.push(step);
    return step.id;
  }

  #after(barrier: readonly StepId[], values: readonly OpId[]): readonly StepId[] {
    const { frontends, pushes, outputs } = this.#reach.steps(values);
    const after = new Set<StepId>(barrier);
    for (const id of frontends) add(after, this.#frontendSteps.get(id));
    for (const id of [...pushes, ...outputs]) add(after, this.#outputSteps.get(id));
    return [...after];
  }

  #id(kind: string): StepId {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return stepId(`${kind}-${count}`);
  }

  #stageOf(path: readonly number[]): OpId[] {
    const key = path.join('/');
    let outputs = this.#stages.get(key);
    if (outputs === undefined) {
      outputs = [];
      this.#stages.set(key, outputs);
    }
    return outputs;
  }
}

type FrontendInput = FrontendStep['inputs'] extends ReadonlyMap<string, Later<infer Definition>> ? Definition : never;

function collectLeaves(request: Request, path: readonly number[], into: Set<string>): void {
  if (request.kind === 'parallel' || request.kind === 'sequential') {
    request.requests.forEach((part, index) => {
      collectLeaves(part, [...path, index], into);
    });
  } else into.add(path.join('/'));
}

/** The calls that made an op, innermost first. */
function callsOf(op: Op): readonly Span[] {
  const calls: Span[] = [];
  for (let at: Origin | undefined = op.origins[0]; at !== undefined; at = at.caller) calls.push(at.span);
  return calls;
}

function add(steps: Set<StepId>, step: StepId | undefined): void {
  if (step !== undefined) steps.add(step);
}
