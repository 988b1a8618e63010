import { opId } from './builder.js';
import type { IrModule } from './module.js';
import { mapOperands, mapReads, operandMapper, operands, operandVisitor, visitOp } from './operands.js';
import type { Op, OpId } from './ops.js';
import { mapTarget, roots } from './requests.js';

/** Where a rebuilding stands. */
export interface Rebuilding {
  /** The op's id in the module that is rebuilt. */
  readonly id: OpId;
  /** How many ops the new module has by now. */
  readonly size: number;
  /** Inserts an op, whose operands are ids of the new module, and gives its id there. */
  add(op: Op): OpId;
  /** An op of the new module. Throws a `RangeError` where there is none yet. */
  op(id: OpId): Op;
  /** What an op of the old module has become. Throws a `RangeError` for one that is still to come or was dropped. */
  moved(id: OpId): OpId;
}

/**
 * Goes through the ops in order and makes a new module of what `f` gives for each. `f` sees an op with its operands as ids of the
 * new module and gives: an op, which takes its place (the same one to keep it); the id of an op of the new module, which all uses
 * then read instead; `undefined` to drop an op that nothing reads. Ids in outputs and targets follow. Linear; the same module
 * where nothing changes. Throws a `RangeError` where something reads a dropped op.
 */
export function rebuild(module: IrModule, f: (op: Op, at: Rebuilding) => Op | OpId | undefined): IrModule {
  const ops: Op[] = [];
  const movedTo: (OpId | undefined)[] = [];
  let changed = false;
  const moved = movedIn(movedTo);
  const mapper = operandMapper(moved);
  const add = (op: Op): OpId => opId(ops.push(op) - 1);
  let id = opId(0);
  const at: Rebuilding = {
    get id() {
      return id;
    },
    get size() {
      return ops.length;
    },
    add(op) {
      changed = true;
      return add(op);
    },
    op(of) {
      const found = ops[of];
      if (found === undefined) throw new RangeError(`there is no %${of} in the new module yet`);
      return found;
    },
    moved,
  };
  // Until an op has moved, operands are what they were.
  let isMoved = false;
  for (const [index, op] of module.ops.entries()) {
    id = opId(index);
    const result = f(isMoved ? mapReads(op, mapper) : op, at);
    if (typeof result === 'object') {
      changed ||= result !== op;
      movedTo.push(add(result));
    } else {
      changed = true;
      movedTo.push(result);
    }
    isMoved ||= movedTo[index] !== id;
  }
  return changed ? withOps(module, ops, moved) : module;
}

/** What ops have become, by a list that is still being filled. */
function movedIn(movedTo: readonly (OpId | undefined)[]): (id: OpId) => OpId {
  return (id) => {
    const to = movedTo[id];
    if (to === undefined) throw new RangeError(`%${id} is not in the new module: it was dropped or is still to come`);
    return to;
  };
}

/** The module with other ops, and with outputs and targets that follow them. */
function withOps(module: IrModule, ops: readonly Op[], moved: (id: OpId) => OpId): IrModule {
  return {
    ...module,
    ops,
    outputs: module.outputs.map((output) => ({ ...output, op: moved(output.op) })),
    targets: module.targets.map((target) => mapTarget(target, moved)),
  };
}

/**
 * The module with some ops replaced: by another op, whose operands are ids of this module, or by what is at an earlier id. The
 * same module for no replacements.
 */
export function replaceOps(module: IrModule, replacements: ReadonlyMap<OpId, Op | OpId>): IrModule {
  return rebuild(module, (op, at) => {
    const replacement = replacements.get(at.id);
    if (replacement === undefined) return op;
    return typeof replacement === 'object' ? mapOperands(replacement, at.moved) : at.moved(replacement);
  });
}

/**
 * The module with only the ops that `keep` accepts; the same module where it accepts all. Throws a `RangeError` where one of these
 * reads one that is not kept.
 */
export function keepOps(module: IrModule, keep: (id: OpId) => boolean): IrModule {
  const ops: Op[] = [];
  const movedTo: (OpId | undefined)[] = [];
  const moved = movedIn(movedTo);
  const mapper = operandMapper(moved);
  for (const [index, op] of module.ops.entries()) {
    // Until an op was dropped, operands are what they were.
    const isMoved = ops.length < index;
    movedTo.push(keep(opId(index)) ? opId(ops.push(isMoved ? mapReads(op, mapper) : op) - 1) : undefined);
  }
  return ops.length === module.ops.length ? module : withOps(module, ops, moved);
}

/** The ops that outputs, targets and `more` need, directly or by way of others. */
export function reachable(module: IrModule, more: Iterable<OpId> = []): ReadonlySet<OpId> {
  const found = new Set<OpId>();
  markReachable(module, more).forEach((mark, index) => {
    if (mark === 1) found.add(opId(index));
  });
  return found;
}

/** The module with only the ops that outputs, targets and `more` need; the same module where these are all. */
export function keepReachable(module: IrModule, more: Iterable<OpId> = []): IrModule {
  const marks = markReachable(module, more);
  return keepOps(module, (id) => marks[id] === 1);
}

/** For each op 1 where something needs it. */
function markReachable(module: IrModule, more: Iterable<OpId>): Uint8Array {
  const marks = new Uint8Array(module.ops.length);
  const mark = (id: OpId): void => {
    marks[id] = 1;
  };
  roots(module).forEach(mark);
  for (const id of more) mark(id);
  // Users stand after what they use, so that one way back through the list meets all.
  const visitor = operandVisitor(mark);
  for (let index = module.ops.length - 1; index >= 0; index--) {
    const op = module.ops[index];
    if (op !== undefined && marks[index] === 1) visitOp(op, visitor);
  }
  return marks;
}

/** For each op those that read it, in order and once each. */
export function users(module: IrModule): readonly (readonly OpId[])[] {
  const found: OpId[][] = module.ops.map(() => []);
  for (const [index, op] of module.ops.entries()) {
    const id = opId(index);
    for (const operand of operands(op)) {
      const list = found[operand];
      if (list !== undefined && list.at(-1) !== id) list.push(id);
    }
  }
  return found;
}

/** The op at an id; throws a `RangeError` where there is none. */
export function opAt(module: IrModule, id: OpId): Op {
  const op = module.ops[id];
  if (op === undefined) throw new RangeError(`there is no %${id} in a module of ${module.ops.length} ops`);
  return op;
}
