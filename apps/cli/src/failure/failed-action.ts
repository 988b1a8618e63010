import type { Span } from '@hlb/diagnostics';
import type { SolvedOp, SolveError } from '@hlb/runtime';

type FileBody = Extract<NonNullable<SolvedOp['op']>, { readonly $case: 'file' }>['value'];

/** A change of files. */
export type FileAction = NonNullable<FileBody['actions'][number]['action']>;

/**
 * The place of the change that failed, among those of one vertex: as the engine says, else the one whose path its message names, the
 * longest where several are. `undefined` where neither tells.
 */
export function failedAction(op: SolvedOp | undefined, error: SolveError): number | undefined {
  const actions = actionsOf(op);
  if (actions.length < 2) return actions.length === 0 ? undefined : 0;
  if (error.details.fileAction !== undefined) return error.details.fileAction;
  let found: { readonly place: number; readonly length: number } | undefined;
  for (const [place, action] of actions.entries()) {
    for (const path of pathsOf(action)) {
      if (path.length > (found?.length ?? 1) && names(error.message, path)) found = { place, length: path.length };
    }
  }
  return found?.place;
}

/** The changes that a vertex makes. */
export function actionsOf(op: SolvedOp | undefined): readonly (FileAction | undefined)[] {
  return op?.op?.$case === 'file' ? op.op.value.actions.map(({ action }) => action) : [];
}

/** Where a failure is: first the place of what failed, then the calls around it; `others` may be it as well. */
export interface FailurePlaces {
  readonly calls: readonly Span[];
  readonly others: readonly Span[];
}

/** Of a vertex of several changes, whose places come first, the one that failed. */
export function failurePlaces(places: readonly Span[], op: SolvedOp | undefined, error: SolveError): FailurePlaces {
  const { length } = actionsOf(op);
  if (length < 2 || places.length < length) return { calls: places, others: [] };
  const around = places.slice(length);
  const own = places[failedAction(op, error) ?? -1];
  if (own !== undefined) return { calls: [own, ...around], others: [] };
  const [first, ...others] = places.slice(0, length);
  return { calls: first === undefined ? around : [first, ...around], others };
}

function pathsOf(action: FileAction | undefined): readonly string[] {
  switch (action?.$case) {
    case 'mkdir':
    case 'mkfile':
    case 'rm':
      return [action.value.path];
    case 'copy':
      return [action.value.src, action.value.dest];
    default:
      return [];
  }
}

/** Whether a message has a path, and not only the beginning of a longer one. */
function names(message: string, path: string): boolean {
  const clean = path.replace(/\/\.?$/, '');
  for (let at = message.indexOf(clean); at !== -1; at = message.indexOf(clean, at + 1)) {
    if (!/[\w.\-/]/.test(message[at + clean.length] ?? ' ')) return true;
  }
  return false;
}
