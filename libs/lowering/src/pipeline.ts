import type { Pass } from '@hlb/ir';
import type { Level } from './elaborate/evaluation.js';
import { checkValues } from './passes/check-values.js';
import { dedupeLocals } from './passes/dedupe-locals.js';
import { foldStrings } from './passes/fold-strings.js';
import { fuseBinds } from './passes/fuse-binds.js';
import { joinFiles } from './passes/join-files.js';
import { linkCopies } from './passes/link-copies.js';
import { narrowLocals } from './passes/narrow-locals.js';
import { prune } from './passes/prune.js';
import { shareValues } from './passes/share-values.js';

/** A pass of the project, and why it stands where it does. */
export interface PipelineRow {
  readonly pass: Pass;
  readonly why: string;
  /** `required` passes run at every level, `optional` ones above `-O0`, those `on-request` there where they are asked for by name. */
  readonly kind: 'required' | 'optional' | 'on-request';
}

/** The passes of the project, in order. Between elaborating and the first of them, the host was asked; the engine is asked after. */
export const pipeline: readonly PipelineRow[] = [
  {
    pass: foldStrings,
    kind: 'required',
    why: 'All that compares or checks ops looks at their texts, so what is known is written first.',
  },
  {
    pass: checkValues,
    kind: 'required',
    why: 'Before anything is dropped or joined: a bad text is an error in every statement that is evaluated.',
  },
  {
    pass: dedupeLocals,
    kind: 'optional',
    why: 'Before equal values are shared, since what reads the same local may be equal only then.',
  },
  {
    pass: shareValues,
    kind: 'optional',
    why: 'After locals are one, and before pruning, which then drops the texts and ops that nothing reads any more.',
  },
  {
    pass: prune,
    kind: 'optional',
    why: 'After all that leaves ops unread: the engine is asked only about images that are used, and what follows counts readers.',
  },
  {
    pass: narrowLocals,
    kind: 'on-request',
    why: 'After pruning: a reader that nothing is made of would keep a directory whole.',
  },
  {
    pass: fuseBinds,
    kind: 'optional',
    why: 'After values are shared: runs of one command differ only then in nothing but the result that they give.',
  },
  {
    pass: linkCopies,
    kind: 'on-request',
    why: 'Before changes of files join: a copy that is laid over its input joins none.',
  },
  {
    pass: joinFiles,
    kind: 'optional',
    why: 'Last: what stands between two changes is made no more, so all others must have read it.',
  },
];

/** The project's passes that run at a level when none is asked for, but for those that are `skipped`. */
export function passesAt(level: Level, skipped: readonly string[] = []): readonly Pass[] {
  const runs = ({ kind, pass }: PipelineRow): boolean =>
    kind === 'required' || (kind === 'optional' && level !== 'O0' && !skipped.includes(pass.name));
  return pipeline.filter(runs).map(({ pass }) => pass);
}
