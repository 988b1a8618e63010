import type { Builtin } from '@hlb/checker';
import { InternalError } from '@hlb/diagnostics';
import { commandHandlers } from './commands.js';
import { configHandlers } from './config.js';
import { fileHandlers } from './files.js';
import type { BuiltinHandler, BuiltinHandlers } from './handler.js';
import { outputHandlers } from './outputs.js';
import { pipelineHandlers } from './pipelines.js';
import { sourceHandlers } from './sources.js';
import { stringHandlers } from './strings.js';

/** Every builtin, by kind and name: what its call does. The checker's table has a row for each. */
export const builtinHandlers: BuiltinHandlers = {
  ...sourceHandlers,
  ...commandHandlers,
  ...fileHandlers,
  ...outputHandlers,
  ...configHandlers,
  ...stringHandlers,
  ...pipelineHandlers,
};

/** Handlers that were looked up before: making a key of each call's kind and name takes longer than what most calls do. */
const handlersOf = new Map<Builtin, BuiltinHandler>();

export function builtinHandler(builtin: Builtin): BuiltinHandler {
  const known = handlersOf.get(builtin);
  if (known !== undefined) return known;
  const handler = builtinHandlers[`${builtin.kind} ${builtin.name}`];
  if (handler === undefined) throw new InternalError(`no handler for the builtin ${builtin.kind} ${builtin.name}`);
  handlersOf.set(builtin, handler);
  return handler;
}
