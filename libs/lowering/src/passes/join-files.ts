import {
  type CopyOp,
  definePass,
  type IrModule,
  type MkdirOp,
  type MkfileOp,
  type Op,
  type OpId,
  operands,
  opId,
  opRow,
  type Pass,
  type RmOp,
  roots,
} from '@hlb/ir';
import { isNamedOwner } from './owner.js';

/**
 * Needs: nothing. After prune, so that what nobody reads is no reader.
 *
 * Ensures: changes of files that follow each other are one vertex, and so one layer, where nothing else reads what stands between and no
 * build copies again what it would have had in its cache. Directories, files and removals join each other and the copy after
 * them, which has to be made again in any case when one of them changes. After a copy only removals join: what they take away
 * is in no layer then. Copies never join each other, and a change whose owner is a name, which is looked up in what the vertex
 * starts from, joins nothing before it. Settings and image config may stand between.
 *
 * Reports: how many vertices there were and are.
 *
 * Changes digests: of the changes that join, and of what reads them.
 */
export const joinFiles: Pass = definePass({
  name: 'join-files',
  doc: 'Makes one vertex of changes of files that follow each other',
  after: ['prune', 'link-copies'],
  idempotent: true,
  keepsMeaning: true,
  run(module, ctx) {
    const uses = countUses(module);
    // For each op the change that it comes from by settings alone, where nothing else reads that.
    const changes: (OpId | undefined)[] = [];
    const hasCopy = new Uint8Array(module.ops.length);
    const isContinued = new Uint8Array(module.ops.length);
    let vertices = 0;
    let joined = 0;
    for (const [index, op] of module.ops.entries()) {
      const id = opId(index);
      const before = 'input' in op && uses[op.input] === 1 ? changes[op.input] : undefined;
      if (!isFileChange(op)) {
        changes.push(isSetting(op) ? before : undefined);
        continue;
      }
      vertices += 1;
      changes.push(op.kind === 'copy' && op.link ? undefined : id);
      const afterCopy = before !== undefined && hasCopy[before] === 1;
      const joins = before !== undefined && canJoin(op, afterCopy) && inOneFile(op, module.ops[before]);
      if (op.kind === 'copy' || (joins && afterCopy)) hasCopy[id] = 1;
      if (!joins) continue;
      isContinued[before] = 1;
      joined += 1;
    }
    ctx.stat('vertices of changes of files', vertices, vertices - joined);
    let changed = false;
    const ops = module.ops.map((op, index): Op => {
      if (!isFileChange(op) || op.continued || isContinued[index] === 0) return op;
      changed = true;
      return { ...op, continued: true };
    });
    return changed ? { ...module, ops } : module;
  },
});

type FileChange = CopyOp | MkdirOp | MkfileOp | RmOp;

function isFileChange(op: Op): op is FileChange {
  return op.kind === 'copy' || op.kind === 'mkdir' || op.kind === 'mkfile' || op.kind === 'rm';
}

function isSetting(op: Op): boolean {
  const group = opRow(op.kind)?.group;
  return group === 'setting' || group === 'config';
}

function canJoin(op: FileChange, afterCopy: boolean): boolean {
  if (op.kind === 'rm') return true;
  return !afterCopy && !isNamedOwner(op.chown) && !(op.kind === 'copy' && op.link);
}

/** Whether both are in one source file, or in none: an error of the vertex then has a place for each. */
function inOneFile(op: Op, before: Op | undefined): boolean {
  return op.origins[0]?.span.file === before?.origins[0]?.span.file;
}

/** How often each op is read, by outputs and targets too. */
function countUses(module: IrModule): readonly number[] {
  const uses = new Array<number>(module.ops.length).fill(0);
  const count = (id: OpId): void => {
    uses[id] = (uses[id] ?? 0) + 1;
  };
  for (const op of module.ops) operands(op).forEach(count);
  roots(module).forEach(count);
  return uses;
}
