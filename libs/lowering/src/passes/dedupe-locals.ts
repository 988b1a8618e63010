import { definePass, joinOrigins, type LocalOp, type OpId, opId, type Pass, rebuild } from '@hlb/ir';

/**
 * Needs: fold-strings, and to know what the host has where each local points.
 *
 * Ensures: locals of the same real directory with the same filters are one op, wherever they are used: in runs, in copies, as
 * inputs of frontends. So each is sent once. Locals of different generations stay apart: an output or a command on this host may
 * have written there in between. A file is the directory around it, filtered to its name.
 *
 * Reports: how many locals there were and are.
 *
 * Changes digests: none in a build, in which lowering names directories by what they are.
 */
export const dedupeLocals: Pass = definePass({
  name: 'dedupe-locals',
  doc: 'Makes locals of one directory with the same filters one',
  needs: ['fold-strings'],
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const origins = new Map<string, LocalOp[]>();
    let before = 0;
    for (const op of module.ops) {
      const key = op.kind === 'local' ? localKey(op) : undefined;
      if (op.kind !== 'local') continue;
      before += 1;
      if (key === undefined) continue;
      const same = origins.get(key);
      if (same === undefined) origins.set(key, [op]);
      else same.push(op);
    }
    if (before === 0) return module;
    const made = new Map<string, OpId>();
    let after = 0;
    const result = rebuild(module, (op, at) => {
      if (op.kind !== 'local') return op;
      const key = localKey(op);
      const known = key === undefined ? undefined : made.get(key);
      if (known !== undefined) return known;
      after += 1;
      if (key === undefined) return op;
      const same = origins.get(key) ?? [];
      made.set(key, opId(at.size));
      return same.length < 2 ? op : { ...op, origins: joinOrigins(same) };
    });
    ctx.stat('locals', before, after);
    return result;
  },
});

/** Equal for locals that are one; `undefined` for one of which too little is known. */
function localKey(op: LocalOp): string | undefined {
  if (op.resolved === undefined) return undefined;
  const patterns = [op.include, op.exclude].map((list) => list.map(({ text }) => text));
  if (patterns.some((list) => list.some((text) => typeof text !== 'string'))) return undefined;
  const filters = op.resolved.kind === 'file' ? [] : patterns;
  return JSON.stringify([op.generation, op.resolved.kind, op.resolved.realPath, filters]);
}
