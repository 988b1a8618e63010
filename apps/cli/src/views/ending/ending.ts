import { type Io, widthOf } from '../../process/io.js';
import type { BuildState } from '../build-state.js';
import { harmless, onGithubActions } from '../plain/actions-commands.js';
import { visibleLines } from '../visible-text.js';
import { type Outcome, summary } from './summary.js';
import { warningLines } from './warnings.js';

/** What is told when a build has ended: warnings, what was left out, and what it came to. */
export function endOfBuild(io: Io, state: BuildState, outcome: Outcome, leftOut: string): string {
  const width = io.stderr.isTTY === true ? widthOf(io.stderr) : undefined;
  const told = `${warningLines(state)}${leftOut}${summary(state, io.cwd, outcome, width)}`;
  const text = outcome === 'failed' ? `${told}\n` : told;
  return onGithubActions(io.env) ? harmless(text) : text;
}

/** The text of a target as it goes to standard output: as it is, but for a terminal, which must not obey it. */
export function textOfTarget(io: Io, text: string): string {
  return `${io.stdout.isTTY === true ? visibleLines(text) : text}\n`;
}
