import type { IrModule, Op, OpId, RunOp, Text } from '@hlb/ir';
import { type Later, type Needs, resolveLater, type Step, type StepId } from '@hlb/plan';
import { resolvedLocal } from '../../host-answers.js';
import type { Lowerer } from '../../lowerer.js';
import { opOf } from '../../lowerer.js';
import { runServices } from '../../ops/run-services.js';
import { requireTrust } from '../../trust.js';
import { sshHost } from '../../values.js';
import type { Definitions } from '../definitions.js';
import type { Reach } from '../reach.js';
import { NeedsCollector, noNeeds, type OpNeeds } from './session-needs.js';

/** What steps need of this host and of the engine: each op's part is worked out once, or where it is made of results when these are there. */
export class StepNeeds {
  readonly #module: IrModule;
  readonly #reach: Reach;
  readonly #definitions: Definitions;
  readonly #needs = new Map<OpId, Later<OpNeeds>>();
  readonly #behind = new Map<OpId, LaterNeeds | undefined>();

  constructor(module: IrModule, reach: Reach, definitions: Definitions) {
    this.#module = module;
    this.#reach = reach;
    this.#definitions = definitions;
  }

  /** All that a definition of these values needs. */
  of(values: readonly OpId[]): Pick<Step, 'session' | 'entitlements' | 'lateNeeds'> {
    const now = new NeedsCollector();
    const late: LaterNeeds[] = [];
    for (const id of this.#reach.ownNeeds(values)) {
      const needs = this.#opNeeds(id);
      if (needs.kind === 'known') now.add(needs.value);
      else late.push(needs);
    }
    for (const id of this.#reach.late(values).frontends) {
      const behind = this.#behindFrontend(id);
      if (behind !== undefined) late.push(behind);
    }
    const { session, entitlements } = now;
    if (late.length === 0) return { session, entitlements };
    const lateNeeds: Later<Needs> = {
      kind: 'later',
      needs: [...new Set(late.flatMap(({ needs }) => needs))],
      make: (results) => {
        const then = new NeedsCollector();
        for (const needs of late) then.add(needs.make(results));
        return { session: then.session, entitlements: then.entitlements };
      },
    };
    return { session, entitlements, lateNeeds };
  }

  /** What the inputs of a frontend need is needed for its result, which refers to them, unless that is empty. */
  #behindFrontend(id: OpId): LaterNeeds | undefined {
    if (this.#behind.has(id)) return this.#behind.get(id);
    const op = opOf(this.#module, id);
    const step = this.#definitions.frontend(id);
    const inputs = op.kind === 'frontend' ? op.inputs.map(({ value }) => value) : [];
    const { session, entitlements, lateNeeds } = this.of(inputs);
    const now: OpNeeds = { ...session, entitlements };
    const isNothing = lateNeeds === undefined && Object.values(now).every((needs) => needs.length === 0);
    const behind: LaterNeeds | undefined =
      isNothing || step === undefined
        ? undefined
        : {
            kind: 'later',
            needs: [step, ...(lateNeeds === undefined ? [] : neededBy(lateNeeds))],
            make: (results) => {
              const result = results.get(step);
              if (result?.kind !== 'frontend' || result.definition === undefined) return noNeeds;
              const all = new NeedsCollector();
              all.add(now);
              if (lateNeeds !== undefined) {
                const then = resolveLater(lateNeeds, results);
                all.add({ ...then.session, entitlements: then.entitlements });
              }
              return { ...all.session, entitlements: all.entitlements };
            },
          };
    this.#behind.set(id, behind);
    return behind;
  }

  #opNeeds(id: OpId): Later<OpNeeds> {
    let needs = this.#needs.get(id);
    if (needs === undefined) {
      const op = opOf(this.#module, id);
      const question = this.#definitions.question(id);
      const more = question === undefined ? [] : [question];
      needs = this.#definitions.ofTexts(servedTexts(op), (lowerer) => opNeeds(op, id, lowerer), more);
      this.#needs.set(id, needs);
    }
    return needs;
  }
}

type LaterNeeds = Extract<Later<OpNeeds>, { readonly kind: 'later' }>;

function neededBy(later: Later<Needs>): readonly StepId[] {
  return later.kind === 'later' ? later.needs : [];
}

/** The texts that say what an op needs. */
function servedTexts(op: Op): readonly (Text | undefined)[] {
  switch (op.kind) {
    case 'local':
      return [op.path, ...op.include, ...op.exclude];
    case 'git':
      return [op.remote];
    case 'run':
      return op.options.flatMap((option): readonly (Text | undefined)[] => {
        switch (option.kind) {
          case 'secret':
            return [option.localPath, option.target, ...option.include, ...option.exclude];
          case 'ssh':
            return [option.target, ...option.localPaths];
          case 'forward':
            return [option.source, option.target];
          case 'network':
          case 'security':
            return [option.mode];
          default:
            return [];
        }
      });
    default:
      return [];
  }
}

function opNeeds(op: Op, id: OpId, lowerer: Lowerer): OpNeeds {
  const { texts, context } = lowerer;
  switch (op.kind) {
    case 'local':
      return { ...noNeeds, directories: [context.locals.lower(op, resolvedLocal(lowerer, op, id), texts).directory] };
    case 'git':
      return sshHost(texts.of(op.remote)) !== undefined
        ? { ...noNeeds, agents: [{ id: 'default', source: { kind: 'environment' } }] }
        : noNeeds;
    case 'run': {
      if (op.options.length === 0) return noNeeds;
      const { secrets, sockets } = runServices(lowerer, op, id);
      const entitlements = entitlementsOf(op, lowerer);
      if (secrets.length === 0 && sockets.length === 0 && entitlements.length === 0) return noNeeds;
      return {
        directories: [],
        secrets: secrets.map(({ file }) => file),
        agents: sockets.map(({ agent }) => agent),
        entitlements,
      };
    }
    default:
      return noNeeds;
  }
}

/** What commands need beyond their sandbox. */
function entitlementsOf(op: RunOp, { texts, context }: Lowerer): readonly string[] {
  return op.options.flatMap((option) => {
    if (option.kind !== 'network' && option.kind !== 'security') return [];
    const wanted = option.kind === 'network' ? 'host' : 'insecure';
    if (texts.of(option.mode) !== wanted) return [];
    const entitlement = `${option.kind}.${wanted}`;
    requireTrust(op, option, entitlement, context.trust);
    return [entitlement];
  });
}
