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
}

/** The vertex of all changes. */
export function madeFiles(last: PendingFiles, context: LoweringContext): Output {
  const { before, base, op, action } = last;
  if (before === undefined) return file({ base, actions: [action], ...located({ context }, op) });
  const all: PendingFiles[] = [];
  for (let at: PendingFiles | undefined = last; at !== undefined; at = at.before) all.push(at);
  all.reverse();
  return file({
    base,
    actions: all.map((each) => each.action),
    ...located({ context }, op),
    locations: context.places.ofAll(all.map((each) => each.op)),
  });
}
