import { definePass, type IrModule, keepReachable, type OpId, operands, opId, type Pass } from '@hlb/ir';

/**
 * Needs: nothing.
 *
 * Ensures: every op is an output, or something that an output or a target is made of. A command on this host that was evaluated
 * has run by now, and what it printed is no longer needed where nothing reads it; one that waits for the digest of a push will run, and
 * stays.
 *
 * Reports: how many ops there were and are.
 *
 * Changes digests: none.
 */
export const prune: Pass = definePass({
  name: 'prune',
  doc: 'Drops ops that nothing is made of',
  after: ['fold-strings', 'check-values', 'dedupe-locals', 'share-values'],
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const kept = keepReachable(module, waitingCommands(module));
    ctx.stat('ops', module.ops.length, kept.ops.length);
    return kept;
  },
});

function* waitingCommands({ ops }: IrModule): Generator<OpId> {
  for (const [index, op] of ops.entries()) if (op.kind === 'command' && operands(op).length > 0) yield opId(index);
}
