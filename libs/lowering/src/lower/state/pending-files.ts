import type { ChangeOp } from '@hlb/ir';
import { type FileAction, file, type Output } from '@hlb/llb';
import type { LoweringContext } from '../lowerer.js';
import { located } from '../ops/sources.js';

/** Changes of files that become one vertex, the last one first: a state costs one link. */
export interface PendingFiles {
  readonly before: PendingFiles | undefined;
  /** What the first one changes. */
  readonly base: Output | undefined;
  readonly op: ChangeOp;
  readonly action: FileAction;
  /** The directory that the action's relative paths are seen from. */
  readonly dir: string;
}

/** The vertex of all changes. */
export function madeFiles(last: PendingFiles, context: LoweringContext): Output {
  const { before, base, op, action, dir } = last;
  if (before === undefined) {
    // No spread: most ops of a large build come by here.
    const { locations, progressGroup } = located({ context }, op);
    return file({ base, dir, actions: [action], locations, progressGroup });
  }
  const actions: FileAction[] = [];
  const ops: ChangeOp[] = [];
  for (let at: PendingFiles | undefined = last; at !== undefined; at = at.before) {
    actions.push(at.dir === dir ? at.action : { ...at.action, dir: at.dir });
    ops.push(at.op);
  }
  const { level, groups, places } = context;
  return file({
    base,
    dir,
    actions: actions.reverse(),
    locations: places.ofAll(ops.reverse()),
    progressGroup: level === 'O0' ? undefined : groups.of(op),
  });
}
