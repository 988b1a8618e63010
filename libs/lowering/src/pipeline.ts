import type { Pass } from '@hlb/ir';
import type { Level } from './elaborate/evaluation.js';
import { checkValues } from './passes/check-values.js';
import { dedupeLocals } from './passes/dedupe-locals.js';
import { foldStrings } from './passes/fold-strings.js';
import { prune } from './passes/prune.js';
import { shareValues } from './passes/share-values.js';

/** A pass of the project, and why it stands where it does. */
export interface PipelineRow {
  readonly pass: Pass;
  readonly why: string;
  /** `required` passes run at every level, `optional` ones above `-O0`. */
  readonly kind: 'required' | 'optional';
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
    why: 'Last: the engine is asked only about images that are used.',
  },
];

/** The project's passes that run at a level. */
export function passesAt(level: Level): readonly Pass[] {
  return pipeline.filter(({ kind }) => level !== 'O0' || kind === 'required').map(({ pass }) => pass);
}
