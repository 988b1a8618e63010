import type { PassUse } from '@hlb/ir';
import { type PipelineRow, pipeline } from '@hlb/lowering';
import { usageError } from '../command-error.js';

/**
 * The project's pass of a name that is asked for; `undefined` for a name that is none of the project's. Throws a `CommandError` for one
 * that runs without being asked for.
 */
export function ownPass(name: string): PassUse | undefined {
  const row = rowOf(name);
  if (row === undefined) return undefined;
  if (row.kind === 'on-request') return { pass: row.pass };
  const help = row.kind === 'optional' ? ` --skip-pass ${name} turns it off.` : '';
  throw usageError(`the pass ${name} runs without being asked for`, `Leave it out.${help}`);
}

/** Throws a `CommandError` where one of the names is not that of a pass which can be left out. */
export function checkSkipped(names: readonly string[]): void {
  for (const name of names) {
    const row = rowOf(name);
    if (row?.kind === 'optional') continue;
    if (row?.kind === 'required') throw usageError(`the pass ${name} can't be left out: every build needs it`);
    if (row !== undefined) throw usageError(`the pass ${name} runs only where it is asked for`, 'Leave it out.');
    const optional = pipeline.filter(({ kind }) => kind === 'optional').map(({ pass }) => pass.name);
    throw usageError(`there is no pass ${name} to leave out`, `Passes that can be: ${optional.join(', ')}.`);
  }
}

function rowOf(name: string): PipelineRow | undefined {
  return pipeline.find(({ pass }) => pass.name === name);
}
