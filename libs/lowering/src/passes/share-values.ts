import { definePass, joinOrigins, type Op, type OpId, OpTable, opId, type Pass, rebuild } from '@hlb/ir';

/** More places than these are not kept of one op: they are for messages, and no reader looks at more. */
const originLimit = 16;

/**
 * Needs: fold-strings, so that texts are compared by what they say.
 *
 * Ensures: ops that are equal, operands included, are one op with the origins of all. Outputs and commands of this host stay apart:
 * they are done as often as they were evaluated. So do runs that must not be found in a cache, since each evaluation has a nonce of its own.
 *
 * Reports: how many ops there were and are.
 *
 * Changes digests: none.
 */
export const shareValues: Pass = definePass({
  name: 'share-values',
  doc: 'Makes equal ops one',
  needs: ['fold-strings'],
  after: ['dedupe-locals'],
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const table = new OpTable();
    const same = new Map<OpId, Op[]>();
    const shared = rebuild(module, (op, at) => {
      if (!isShareable(op)) return op;
      const own = opId(at.size);
      const first = table.intern(op, own);
      if (first === own) return op;
      const group = same.get(first);
      if (group === undefined) same.set(first, [op]);
      else if (group.length < originLimit) group.push(op);
      return first;
    });
    ctx.stat('ops', module.ops.length, shared.ops.length);
    if (same.size === 0) return shared;
    return rebuild(shared, (op, at) => {
      const others = same.get(at.id);
      return others === undefined ? op : { ...op, origins: joinOrigins([op, ...others]).slice(0, originLimit) };
    });
  },
});

function isShareable(op: Op): boolean {
  switch (op.kind) {
    case 'download':
    case 'download-tarball':
    case 'download-oci-tarball':
    case 'download-docker-tarball':
    case 'docker-push':
    case 'docker-load':
    case 'command':
      return false;
    default:
      return true;
  }
}
