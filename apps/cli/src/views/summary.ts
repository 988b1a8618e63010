import { isAbsolute, relative } from 'node:path';
import type { OutputWritten } from '@hlb/runtime';
import type { BuildState } from './build-state.js';
import { bytes, counted, seconds } from './units.js';

/** What a build that is done came to: its outputs, a line each, and how long, how much of it from the cache, what was sent. */
export function summary(state: BuildState, cwd: string): string {
  const { all, cached } = state.counts();
  const sent = state.sent();
  const facts = [
    `done in ${seconds(state.elapsed())}`,
    ...(all === 0 ? [] : [`${counted(all, 'step')}, ${cached} cached`]),
    ...(sent.names === 0 ? [] : [`sent ${bytes(sent.bytes)} in ${counted(sent.files, 'file')}`]),
  ];
  return `${outputLines(state, cwd)}${facts.join('; ')}\n`;
}

/** What stands at its place, a line each. */
export function outputLines(state: BuildState, cwd: string): string {
  return state.outputs.map((output) => `${outputLine(output, cwd)}\n`).join('');
}

function outputLine(output: OutputWritten, cwd: string): string {
  const digest = output.digest === undefined ? '' : ` (${output.digest})`;
  switch (output.output) {
    case 'push':
      return `pushed ${output.destination}${digest}`;
    case 'load':
      return `loaded ${output.destination}${digest}`;
    default:
      return `wrote ${shown(output.destination, cwd)}`;
  }
}

function shown(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') || isAbsolute(near) ? path : near;
}
