import { commandOptionsExamples } from './examples/command-options.js';
import { commandsExamples } from './examples/commands.js';
import { filesExamples } from './examples/files.js';
import { outputsExamples } from './examples/outputs.js';
import { pipelinesExamples } from './examples/pipelines.js';
import { sourcesExamples } from './examples/sources.js';
import { stringsExamples } from './examples/strings.js';

/** A program for each name of a builtin; those of names with several overloads use them all. */
export const builtinExamples: Readonly<Record<string, string>> = {
  ...sourcesExamples,
  ...commandsExamples,
  ...commandOptionsExamples,
  ...filesExamples,
  ...outputsExamples,
  ...stringsExamples,
  ...pipelinesExamples,
};
