import type { IrModule, OpId, RunOp } from '@hlb/ir';
import type { Lowerer } from '../lowerer.js';
import { opOf } from '../lowerer.js';
import { runServices } from '../ops/run-services.js';
import { requireTrust } from '../trust.js';
import { sshHost } from '../values.js';
import type { Reach } from './reach.js';
import { NeedsCollector, noNeeds, type OpNeeds } from './session-needs.js';

/** What the session must serve for each op, worked out once. */
export class StepNeeds {
  readonly #module: IrModule;
  readonly #reach: Reach;
  readonly #lowerer: Lowerer;
  readonly #needs = new Map<OpId, OpNeeds>();

  constructor(module: IrModule, reach: Reach, lowerer: Lowerer) {
    this.#module = module;
    this.#reach = reach;
    this.#lowerer = lowerer;
  }

  /** All that a definition of these values needs, frontends' inputs included: their results refer to them. */
  of(values: readonly OpId[]): NeedsCollector {
    const collector = new NeedsCollector();
    for (const id of this.#reach.needs(values)) collector.add(this.#opNeeds(id));
    return collector;
  }

  #opNeeds(id: OpId): OpNeeds {
    let needs = this.#needs.get(id);
    if (needs === undefined) {
      needs = opNeeds(this.#module, id, this.#lowerer);
      this.#needs.set(id, needs);
    }
    return needs;
  }
}

function opNeeds(module: IrModule, id: OpId, lowerer: Lowerer): OpNeeds {
  const op = opOf(module, id);
  const { texts, context } = lowerer;
  switch (op.kind) {
    case 'local':
      return { ...noNeeds, directories: [context.locals.lower(op, texts).directory] };
    case 'git':
      return sshHost(texts.of(op.remote)) !== undefined
        ? { ...noNeeds, agents: [{ id: 'default', source: { kind: 'environment' } }] }
        : noNeeds;
    case 'run': {
      if (op.options.length === 0) return noNeeds;
      const { secrets, sockets } = runServices(lowerer, op);
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
    requireTrust(op, option.mode, entitlement, context.trust);
    return [entitlement];
  });
}
