import { isOptionKind, type Kind } from '../kind.js';
import type { Builtin } from './builtin.js';
import { commandBuiltins } from './commands.js';
import { fileBuiltins } from './files.js';
import { outputBuiltins } from './outputs.js';
import { pipelineBuiltins } from './pipelines.js';
import { sourceBuiltins } from './sources.js';
import { stringBuiltins } from './strings.js';

/** Every builtin, one row an overload. */
export const builtins: readonly Builtin[] = [
  ...sourceBuiltins,
  ...commandBuiltins,
  ...fileBuiltins,
  ...outputBuiltins,
  ...stringBuiltins,
  ...pipelineBuiltins,
];

const byName: ReadonlyMap<string, readonly Builtin[]> = groupByName(builtins);

function groupByName(rows: readonly Builtin[]): ReadonlyMap<string, readonly Builtin[]> {
  const groups = new Map<string, Builtin[]>();
  for (const row of rows) {
    const group = groups.get(row.name);
    if (group === undefined) groups.set(row.name, [row]);
    else group.push(row);
  }
  return groups;
}

/** All overloads of a name, in the order of the table; empty when no builtin has it. */
export function builtinsNamed(name: string): readonly Builtin[] {
  return byName.get(name) ?? [];
}

/** The overload of a name that gives this kind. */
export function findBuiltin(name: string, kind: Kind): Builtin | undefined {
  return byName.get(name)?.find((row) => row.kind === kind);
}

/** Every builtin that gives this kind: for `option::run` the options of `run`. */
export function builtinsOfKind(kind: Kind): readonly Builtin[] {
  return builtins.filter((row) => row.kind === kind);
}

/** Every name that a builtin has, each once. */
export function builtinNames(): readonly string[] {
  return [...byName.keys()];
}

/** The option kinds that exist: `option::image`, `option::run`, … */
export const optionKinds: readonly Kind[] = [
  ...new Set(builtins.flatMap((row) => (isOptionKind(row.kind) ? [row.kind] : []))),
];
