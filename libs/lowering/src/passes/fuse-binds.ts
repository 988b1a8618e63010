import { definePass, type MountOption, type Op, OpTable, opId, type Pass, type RunOp, type RunOption } from '@hlb/ir';

/**
 * Needs: nothing. After share-values, since runs of one call read the same operands only then.
 *
 * Ensures: the ops of one command that give its root and what it leaves in mounts are one exec with several outputs, so that the command
 * runs once for all of them. Every mount that the program has a name for counts, also where this build does not read it: the exec
 * is then the same whichever targets are built. A run whose only result is the one that it gives stays as it is.
 *
 * Reports: how many execs there were and are.
 *
 * Changes digests: of runs with a named mount beside the result that is read, and of what reads them.
 */
export const fuseBinds: Pass = definePass({
  name: 'fuse-binds',
  doc: 'Makes one exec of the runs that give several results of one command',
  after: ['share-values', 'prune'],
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const table = new OpTable();
    const kept = new Map<number, Set<number>>();
    const commands = module.ops.map((op, index) => {
      if (op.kind !== 'run' || !op.options.some(isWritable)) return -1;
      const command = table.intern(commandOf(op), opId(index));
      const places = kept.get(command) ?? new Set<number>();
      kept.set(command, places);
      for (const [place] of op.options.entries()) if (isResult(op, place)) places.add(place);
      return command;
    });
    const before = new Set<string>();
    let changed = false;
    const ops = module.ops.map((op, index): Op => {
      const command = commands[index] ?? -1;
      if (op.kind !== 'run' || command === -1) return op;
      before.add(`${command} ${op.result} ${op.keeps}`);
      const keeps = [...(kept.get(command) ?? [])].filter((place) => place !== op.result).sort((a, b) => a - b);
      if (keeps.join() === op.keeps.join()) return op;
      changed = true;
      return { ...op, keeps };
    });
    ctx.stat('execs with mounts that can be results', before.size, kept.size);
    return changed ? { ...module, ops } : module;
  },
});

/** The run without what says which of its results is wanted. */
function commandOf(op: RunOp): RunOp {
  const options = op.options.map((option) => (option.kind === 'mount' ? { ...option, named: false } : option));
  return { ...op, options, result: 'root', keeps: [] };
}

/** Whether an option is a mount whose content a run may give. Runs without such a one have one result, and are left alone. */
function isWritable(option: RunOption): option is MountOption {
  return option.kind === 'mount' && !option.readonly && !option.tmpfs && option.cache === undefined;
}

/** Whether a mount is a result of the run that something reads, or may read. */
function isResult(op: RunOp, place: number): boolean {
  const option = op.options[place];
  if (option === undefined || !isWritable(option)) return false;
  return option.named || op.result === place || op.keeps.includes(place);
}
