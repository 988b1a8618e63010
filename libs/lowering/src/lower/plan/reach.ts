import { type IrModule, type Op, type OpId, operands, opId, type RunOption } from '@hlb/ir';
import { opOf } from '../lowerer.js';
import { isStringOp } from '../texts.js';

/** What must be done before a value can be lowered. */
export interface LateParts {
  /** Frontends whose results it is made of. */
  readonly frontends: readonly OpId[];
  /** Pushes whose digests its texts are made of. */
  readonly pushes: readonly OpId[];
  /** What is asked of this host or a registry once pushes are done. */
  readonly questions: readonly OpId[];
}

/** Of an op and all below it: a frontend or a digest of a push, which every question that waits for one reads; something that a session must serve; an output. */
const hasLate = 1;
const hasNeeds = 2;
const hasOutputs = 4;
const hasSteps = hasLate | hasOutputs;

/**
 * What ops are made of. Most of a build is neither made by steps nor wants anything of the session, and one pass over the module
 * says which parts those are, so that no walk enters them.
 */
export class Reach {
  readonly #module: IrModule;
  readonly #marks: Uint8Array;

  readonly #questions: ReadonlySet<OpId>;

  /** @param questions what can only be asked once something is pushed */
  constructor(module: IrModule, questions: ReadonlySet<OpId>) {
    this.#module = module;
    this.#questions = questions;
    this.#marks = new Uint8Array(module.ops.length);
    // Of all ops so far: where none has a mark there is nothing that the next could have from its operands.
    let any = 0;
    module.ops.forEach((op, index) => {
      let marks = ownMarks(op);
      if (any !== 0) for (const id of operands(op)) marks |= this.#marks[id] ?? 0;
      this.#marks[index] = marks;
      any |= marks;
    });
  }

  /** Walks from values to what they are made of, up to what steps give, whose own inputs are their affair. */
  late(from: readonly OpId[]): LateParts {
    const frontends: OpId[] = [];
    const pushes = new Set<OpId>();
    const questions: OpId[] = [];
    this.#walk(from, hasLate, new Set(), (id, op) => {
      if (this.#questions.has(id)) questions.push(id);
      // An image stands beside its configuration, and its name is read for itself.
      if (isStringOp(op) && this.#questions.has(id)) return false;
      if (op.kind === 'frontend') frontends.push(id);
      else if (op.kind === 'push-digest') pushes.add(op.push);
      else return true;
      return false;
    });
    return { frontends, pushes: [...pushes], questions };
  }

  /** The outputs that values stand after: the nearest ones, which stand after others themselves. */
  outputs(from: readonly OpId[]): readonly OpId[] {
    const outputs: OpId[] = [];
    this.#walk(from, hasOutputs, new Set(), (id, op) => {
      if (isOutputOp(op)) outputs.push(id);
      return !isOutputOp(op) && op.kind !== 'frontend' && op.kind !== 'push-digest';
    });
    return outputs;
  }

  /** Every op that a session must serve something for, inputs of frontends included: their results may refer to them. */
  needs(from: readonly OpId[]): readonly OpId[] {
    return this.#needs(from, (op) => op.kind !== 'push-digest');
  }

  /** Those of them that are not inputs of frontends. */
  ownNeeds(from: readonly OpId[]): readonly OpId[] {
    return this.#needs(from, (op) => op.kind !== 'push-digest' && op.kind !== 'frontend');
  }

  #needs(from: readonly OpId[], goesOn: (op: Op) => boolean): readonly OpId[] {
    const found: OpId[] = [];
    this.#walk(from, hasNeeds, new Set(), (id, op) => {
      if (ownMarks(op) & hasNeeds) found.push(id);
      return goesOn(op);
    });
    return found;
  }

  /** Frontends and outputs below that `seen` does not hold yet, in order; what was met is added to it. */
  newSteps(from: readonly OpId[], seen: Set<OpId>): readonly OpId[] {
    const found: number[] = [];
    this.#walk(from, hasSteps, seen, (id, op) => {
      if (op.kind === 'frontend' || isOutputOp(op)) found.push(id);
      return true;
    });
    return found.sort((a, b) => a - b).map(opId);
  }

  #walk(from: readonly OpId[], mark: number, seen: Set<OpId>, visit: (id: OpId, op: Op) => boolean): void {
    const open = from.filter((id) => ((this.#marks[id] ?? 0) & mark) !== 0);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const op = opOf(this.#module, id);
      if (!visit(id, op)) continue;
      for (const next of operands(op)) {
        if (((this.#marks[next] ?? 0) & mark) !== 0 && !seen.has(next)) open.push(next);
      }
    }
  }
}

/** Options of a command for which a session must serve something, or an engine allow it. */
const wantsOfSession: ReadonlySet<RunOption['kind']> = new Set(['secret', 'ssh', 'forward', 'network', 'security']);

function ownMarks(op: Op): number {
  switch (op.kind) {
    case 'frontend':
    case 'push-digest':
      return hasLate;
    case 'local':
    case 'git':
      return hasNeeds;
    case 'run':
      return op.options.some(({ kind }) => wantsOfSession.has(kind)) ? hasNeeds : 0;
    default:
      return isOutputOp(op) ? hasOutputs : 0;
  }
}

export type OutputOp = Extract<
  Op,
  {
    readonly kind:
      | 'download'
      | 'download-tarball'
      | 'download-oci-tarball'
      | 'download-docker-tarball'
      | 'docker-push'
      | 'docker-load';
  }
>;

export function isOutputOp(op: Op): op is OutputOp {
  switch (op.kind) {
    case 'download':
    case 'download-tarball':
    case 'download-oci-tarball':
    case 'download-docker-tarball':
    case 'docker-push':
    case 'docker-load':
      return true;
    default:
      return false;
  }
}
