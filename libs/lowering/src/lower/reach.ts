import { type IrModule, type Op, type OpId, operands, valueOperands } from '@hlb/ir';
import { opOf } from './lowerer.js';

/** What must be done before a value can be lowered, or waited for by whoever reads it. */
export interface Reached {
  /** Frontends whose results it is made of. */
  readonly frontends: readonly OpId[];
  /** Pushes whose digests its texts are made of. */
  readonly pushes: readonly OpId[];
  /** Outputs that it stands after. */
  readonly outputs: readonly OpId[];
}

/** Walks from values to what they are made of, up to frontends and digests of pushes, whose own inputs are their steps' affair. */
export function reach(module: IrModule, from: readonly OpId[]): Reached {
  const frontends: OpId[] = [];
  const pushes = new Set<OpId>();
  const outputs: OpId[] = [];
  walk(from, (id) => {
    const op = opOf(module, id);
    if (op.kind === 'frontend') {
      frontends.push(id);
      return [];
    }
    if (op.kind === 'push-digest') {
      pushes.add(op.push);
      return [];
    }
    if (isOutputOp(op)) outputs.push(id);
    return operands(op);
  });
  return { frontends, pushes: [...pushes], outputs };
}

/** Every op that a value is made of, inputs of frontends included: what its session must serve. */
export function valuesBelow(module: IrModule, from: readonly OpId[]): readonly OpId[] {
  const found: OpId[] = [];
  walk(from, (id) => {
    found.push(id);
    return valueOperands(opOf(module, id));
  });
  return found;
}

/** Every op below, texts and what they come from included, that `seen` does not hold yet; they are added to it. */
export function everythingBelow(module: IrModule, from: readonly OpId[], seen: Set<OpId>): readonly OpId[] {
  const found: OpId[] = [];
  walk(
    from,
    (id) => {
      found.push(id);
      return operands(opOf(module, id));
    },
    seen,
  );
  return found.sort((a, b) => a - b);
}

function walk(from: readonly OpId[], visit: (id: OpId) => readonly OpId[], seen: Set<OpId> = new Set()): void {
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const next of visit(id)) if (!seen.has(next)) open.push(next);
  }
}

export type OutputOpKind =
  | 'download'
  | 'download-tarball'
  | 'download-oci-tarball'
  | 'download-docker-tarball'
  | 'docker-push'
  | 'docker-load';
export type OutputOp = Extract<Op, { readonly kind: OutputOpKind }>;

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
