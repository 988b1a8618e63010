import { type Builtin, builtin, variadic } from './builtin.js';

/** The order of what a program builds. */
export const pipelineBuiltins: readonly Builtin[] = [
  builtin(
    'pipeline',
    'stage',
    [variadic('pipeline', 'pipelines')],
    'Builds its arguments side by side. The stages of one pipeline come one after the other: a stage starts when the one before it is done.',
  ),
];
