import cliTruncate from 'cli-truncate';
import type { Colors } from 'picocolors/types.js';
import stringWidth from 'string-width';
import type { BuildState, VertexState } from './build-state.js';
import { bytes, seconds } from './units.js';
import { lastDrawn, visibleText } from './visible-text.js';

/** Lines of a running command's log that are shown below it. */
const SHOWN_LOG_LINES = 6;

/** What a frame is drawn for. Sizes are character cells. */
export interface FrameOptions {
  readonly columns: number;
  /** At most this many lines; the end of a build has no limit. */
  readonly rows: number;
  readonly colors: Colors;
  readonly outcome: 'running' | 'done' | 'failed' | 'cancelled';
}

/**
 * One picture of a build: a heading, then the vertices in the order in which they started, with their counters and the last
 * lines of what runs. Where the rows don't reach, what is done makes room for what runs.
 */
export function drawFrame(state: BuildState, options: FrameOptions): string[] {
  const running = options.outcome === 'running';
  const blocks = state.started.map((vertex) => ({
    vertex,
    lines: vertexLines(state, vertex, options, running),
    active: vertex.completed === undefined || failed(vertex),
  }));
  const room = options.rows - 1;
  let shown = blocks;
  if (running && total(blocks) > room) {
    const active = blocks.filter((block) => block.active);
    const done = blocks.filter((block) => !block.active);
    let left = Math.max(0, room - total(active));
    const keptDone = new Set<VertexState>();
    for (const block of done.reverse()) {
      if (block.lines.length > left) break;
      left -= block.lines.length;
      keptDone.add(block.vertex);
    }
    shown = blocks.filter((block) => block.active || keptDone.has(block.vertex));
  }
  const lines = shown.flatMap((block) => block.lines);
  const body = running && lines.length > room ? fold(shown, room) : lines;
  return [heading(state, options), ...body];
}

function total(blocks: readonly { readonly lines: readonly string[] }[]): number {
  return blocks.reduce((sum, block) => sum + block.lines.length, 0);
}

/** Only the first line of each block, and of those the last ones: so many commands run that their logs don't fit. */
function fold(blocks: readonly { readonly lines: readonly string[] }[], room: number): string[] {
  return blocks.map((block) => block.lines[0] ?? '').slice(-Math.max(1, room));
}

function heading(state: BuildState, options: FrameOptions): string {
  const { done, all } = state.counts();
  const word = { running: 'Building', done: 'Built in', failed: 'Failed after', cancelled: 'Canceled after' }[
    options.outcome
  ];
  const text = `[+] ${word} ${seconds(state.elapsed())} (${done}/${all})`;
  return fitted(text, options.columns);
}

function vertexLines(state: BuildState, vertex: VertexState, options: FrameOptions, running: boolean): string[] {
  const { colors, columns } = options;
  const isFailed = failed(vertex);
  const cancelled = vertex.error !== undefined && !isFailed;
  const mark = isFailed ? 'ERROR ' : cancelled ? 'CANCELED ' : vertex.cached ? 'CACHED ' : '';
  const color = isFailed
    ? colors.red
    : cancelled
      ? colors.yellow
      : vertex.completed === undefined
        ? plain
        : colors.blue;
  const lines = [color(row(` => ${mark}${vertex.name}`, seconds(state.duration(vertex)), columns))];
  if (vertex.completed !== undefined) return lines;
  for (const counter of vertex.counters.values()) {
    if (counter.completed !== undefined && vertex.counters.size > 4) continue;
    const name = visibleText(counter.name === '' ? counter.id : counter.name);
    const size =
      counter.total > 0n
        ? ` ${bytes(counter.current)} / ${bytes(counter.total)}`
        : counter.current > 0n
          ? ` ${bytes(counter.current)}`
          : '';
    lines.push(fitted(` => => ${name}${size}`, columns));
  }
  if (running) {
    for (const line of vertex.log.lines.slice(-SHOWN_LOG_LINES)) {
      lines.push(colors.dim(fitted(` => => # ${visibleText(lastDrawn(line)).replaceAll('\t', '    ')}`, columns)));
    }
  }
  return lines;
}

function failed(vertex: VertexState): boolean {
  return vertex.error !== undefined && !/context canceled$/.test(vertex.error);
}

/** A text on the left and one on the right, exactly as wide as the screen less a cell. */
function row(left: string, right: string, columns: number): string {
  const width = Math.max(1, columns - 1);
  const room = Math.max(1, width - stringWidth(right) - 1);
  const text = cut(left, room);
  return `${text}${' '.repeat(Math.max(1, width - stringWidth(text) - stringWidth(right)))}${right}`;
}

function fitted(text: string, columns: number): string {
  return cut(text, Math.max(1, columns - 1));
}

/** A text of at most so many cells. Joined emoji are narrower together than one by one, so the first cut may miss. */
function cut(text: string, width: number): string {
  let shorter = text;
  for (let room = width; room > 0 && stringWidth(shorter) > width; room -= 1) shorter = cliTruncate(text, room);
  return shorter;
}

function plain(text: string | number): string {
  return String(text);
}
