import { definePass, type IrModule, type LocalOp, type Op, type OpId, operands, opId, type Pass, roots } from '@hlb/ir';

/**
 * Needs: to know what the host has where each local points. After dedupe-locals and prune, so that all that reads a directory is known,
 * and no more.
 *
 * Ensures: of a local directory that is only copied from or mounted by known paths, no more than these are sent: they become its include
 * patterns. One that something reads as a whole, or that has include patterns of its own, stays as it is.
 *
 * Reports: how many locals are sent as a whole.
 *
 * Changes digests: of these locals, whose key is then another, and of what reads them: the first build after it is asked for, and each one
 * after the program reads other paths, sends the files again. Changes meaning where a path goes through a link of the directory
 * that leads to what no path names; so it must be asked for.
 */
export const narrowLocals: Pass = definePass({
  name: 'narrow-locals',
  doc: 'Sends of local directories only what is read of them',
  after: ['dedupe-locals', 'share-values', 'prune'],
  idempotent: true,
  run(module, ctx) {
    const read = readPaths(module);
    let whole = 0;
    let narrowed = 0;
    const ops = module.ops.map((op, index): Op => {
      if (op.kind !== 'local' || op.resolved?.kind !== 'directory' || op.include.length > 0) return op;
      whole += 1;
      const paths = read.get(opId(index));
      if (paths === undefined || paths === 'all') return op;
      narrowed += 1;
      return { ...op, include: [...paths].sort().map((text) => ({ text })) } satisfies LocalOp;
    });
    ctx.stat('locals sent as a whole', whole, whole - narrowed);
    return narrowed > 0 ? { ...module, ops } : module;
  },
});

/** For each local that is read what is read of it, seen from its root. */
function readPaths(module: IrModule): ReadonlyMap<OpId, ReadonlySet<string> | 'all'> {
  const found = new Map<OpId, Set<string> | 'all'>();
  const add = (id: OpId, path: string | undefined): void => {
    if (module.ops[id]?.kind !== 'local') return;
    const known = found.get(id);
    if (path === undefined) found.set(id, 'all');
    else if (known === undefined) found.set(id, new Set([path]));
    else if (known !== 'all') known.add(path);
  };
  for (const op of module.ops) {
    const byPath = new Set<OpId>();
    for (const [id, path] of pathUses(op)) {
      byPath.add(id);
      add(id, path);
    }
    for (const id of operands(op)) if (!byPath.has(id)) add(id, undefined);
    if ('input' in op) add(op.input, undefined);
  }
  for (const id of roots(module)) add(id, undefined);
  return found;
}

/** What an op reads by path; `undefined` for a path that is no pattern of exactly what is read. */
function pathUses(op: Op): readonly (readonly [OpId, string | undefined])[] {
  if (op.kind === 'copy') {
    const exact = !op.allowWildcard && !op.followSymlinks;
    return [[op.source, exact ? asPattern(op.src.text) : undefined]];
  }
  if (op.kind !== 'run') return [];
  return op.options.flatMap((option, place) => {
    if (option.kind !== 'mount') return [];
    const isResult = op.result === place || op.keeps.includes(place) || option.named;
    return [[option.input, isResult ? undefined : asPattern(option.sourcePath?.text)] as const];
  });
}

/** The path as an include pattern that matches it and all below it; `undefined` where there is none, as of the whole directory. */
function asPattern(path: string | OpId | undefined): string | undefined {
  if (typeof path !== 'string') return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const clean = parts.join('/');
  return clean === '' || clean.startsWith('!') || /[*?[\]\\]|^\s|\s$/.test(clean) ? undefined : clean;
}
