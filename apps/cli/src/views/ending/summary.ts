import { isAbsolute, relative } from 'node:path';
import type { BuildState } from '../build-state.js';
import { bytes, counted, seconds } from '../units.js';
import { visibleText } from '../visible-text.js';

/** How a build ended. */
export type Outcome = 'done' | 'failed' | 'cancelled';

/**
 * What a build came to: what was made, where it is and how long that took, a line each; then how long all took, how much of it
 * was cached, and what was sent and received, on lines of their own where a narrow terminal has no room for all on one.
 * @param width cells of a line
 */
export function summary(
  state: BuildState,
  cwd: string,
  outcome: Outcome = 'done',
  width: number = Number.POSITIVE_INFINITY,
): string {
  const { all, done, cached } = state.counts();
  const steps =
    outcome === 'done'
      ? counted(all, 'step')
      : `${done} of ${counted(all, 'step')} ${done === 1 ? 'was' : 'were'} done`;
  const facts = [
    `${outcome === 'done' ? 'done in' : `${outcome} after`} ${seconds(state.elapsed())}`,
    ...(all === 0 ? [] : [`${steps}${cached === 0 ? '' : `, ${cached === all ? 'all' : cached} cached`}`]),
    ...movedFact(state),
  ];
  const line = facts.join('; ');
  return `${outputLines(state, cwd)}${line.length <= width ? line : facts.join('\n  ')}\n`;
}

/** What stands at its place, a line each, in columns; an image's digest on a line of its own, to be copied. */
function outputLines(state: BuildState, cwd: string): string {
  const rows = state.outputs.map((output) => {
    const image = output.output === 'push' || output.output === 'load';
    const word = output.output === 'push' ? 'pushed' : output.output === 'load' ? 'loaded' : 'wrote';
    const place = visibleText(image ? output.destination : near(output.destination, cwd));
    const size = receivedText(state, output.destination);
    return { word, place, size, time: seconds(output.took), digest: output.digest };
  });
  const wide = {
    word: widest(rows.map(({ word }) => word)),
    place: widest(rows.map(({ place }) => place)),
    size: widest(rows.map(({ size }) => size)),
  };
  return rows
    .map(({ word, place, size, time, digest }) => {
      const columns = [word.padEnd(wide.word), place.padEnd(wide.place), size.padEnd(wide.size)];
      const line = `${columns.filter((column) => column !== '').join('  ')}  ${time}\n`;
      return digest === undefined ? line : `${line}${' '.repeat(wide.word)}  ${visibleText(digest)}\n`;
    })
    .join('');
}

function movedFact(state: BuildState): string[] {
  const sent = state.moved('send');
  const received = state.moved('receive');
  const facts = [
    ...(sent.files === 0 ? [] : [`sent ${bytes(sent.bytes)} in ${counted(sent.files, 'file')}`]),
    ...(received.files === 0 ? [] : [`received ${bytes(received.bytes)}`]),
  ];
  return facts.length === 0 ? [] : [facts.join(', ')];
}

/** What came over for one destination. */
function receivedText(state: BuildState, destination: string): string {
  let files = 0;
  let size = 0;
  let found = false;
  for (const transfer of state.transfers.values()) {
    if (transfer.direction !== 'receive' || transfer.name !== destination) continue;
    files += transfer.files;
    size += transfer.bytes;
    found = true;
  }
  return found ? `${bytes(size)} in ${counted(files, 'file')}` : '';
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}

function near(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}
