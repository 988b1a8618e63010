import { type CopyOp, definePass, type IrModule, type Op, type Pass } from '@hlb/ir';

/**
 * Needs: fold-strings.
 *
 * Ensures: copies into directories are made onto nothing and laid over what was there, as `COPY --link` of a Dockerfile does: copies of
 * independent sources run side by side, and none is made again because what is below it changed. A destination is a directory where
 * it ends in `/`, where contents are copied, or where the input is scratch; copies to other destinations stay, since it depends on
 * the files below what they mean. So do those that set owner or permissions, which the directories on the way would get, too.
 *
 * Reports: how many copies wait for what is below them.
 *
 * Changes digests: of these copies, and of what reads them. Changes meaning where a link stands on the way to the destination, which is
 * replaced instead of followed, and of the permissions of the directories on that way; so it must be asked for.
 */
export const linkCopies: Pass = definePass({
  name: 'link-copies',
  doc: 'Lays copies into directories over what they are copied to, so that they run side by side',
  needs: ['fold-strings'],
  after: ['prune'],
  idempotent: true,
  run(module, ctx) {
    let waiting = 0;
    let linked = 0;
    const ops = module.ops.map((op): Op => {
      if (op.kind !== 'copy' || op.link) return op;
      waiting += 1;
      if (!canLink(op, module)) return op;
      linked += 1;
      return { ...op, link: true };
    });
    ctx.stat('copies that wait', waiting, waiting - linked);
    return linked > 0 ? { ...module, ops } : module;
  },
});

function canLink(op: CopyOp, module: IrModule): boolean {
  if (op.unpack || op.chown !== undefined || op.chmod !== undefined || typeof op.dst.text !== 'string') return false;
  return op.contentsOnly || /\/\.?$/.test(op.dst.text) || module.ops[op.input]?.kind === 'scratch';
}
