import type { Colors } from 'picocolors/types.js';
import type { Block, BuildState } from '../build-state.js';
import { sizeText } from '../counter-text.js';
import { counted, seconds, speed } from '../units.js';
import { type Standing, standingOf, type VertexState } from '../vertex-state.js';
import { lastDrawn, visibleText } from '../visible-text.js';
import { cells, cut, filled } from './cells.js';
import type { Marks } from './marks.js';

/** How a picture is drawn. */
export interface Look {
  /** Cells across. */
  readonly columns: number;
  readonly colors: Colors;
  readonly marks: Marks;
  /** The build has ended: what still ran was stopped. */
  readonly ended?: boolean;
}

/** How much of a block is shown. */
export interface Detail {
  /** Lines of the log of each vertex that runs. */
  readonly logLines: number;
  /** Which vertices of a call. */
  readonly vertices: 'all' | 'open' | 'none';
}

/** Whether a vertex is what one looks for: it runs, or it went wrong. */
export function isOpen(vertex: VertexState): boolean {
  const standing = standingOf(vertex);
  return standing === 'running' || standing === 'failed' || standing === 'cancelled';
}

/** The lines of a vertex, or of a call with its vertices. */
export function blockLines(state: BuildState, block: Block, look: Look, detail: Detail): string[] {
  const [only] = block.vertices;
  if (only === undefined) return [];
  if (block.group === undefined || (block.vertices.length === 1 && block.known === 1)) {
    return vertexLines(state, only, look, { indent: 1, logLines: detail.logLines, beside: block.group });
  }
  const shown = block.vertices.filter((vertex) => detail.vertices === 'all' || isOpen(vertex));
  return [
    callLine(state, block, look),
    ...(detail.vertices === 'none'
      ? []
      : shown.flatMap((vertex) => vertexLines(state, vertex, look, { indent: 3, logLines: detail.logLines }))),
  ];
}

/** The one line of a vertex that may stand for it. */
export function vertexLine(state: BuildState, vertex: VertexState, look: Look, indent = 1, beside?: string): string {
  const standing = standingIn(look, vertex);
  const right = [...(standing === 'running' ? movedText(state, vertex) : []), timeText(state, vertex, standing)];
  return row(look, { indent, standing, left: vertex.name, beside, right: right.join('  ') });
}

function standingIn({ ended }: Look, vertex: VertexState): Standing {
  const standing = standingOf(vertex);
  return ended === true && standing === 'running' ? 'cancelled' : standing;
}

/** How a call stands as a whole. */
function callStanding(block: Block, look: Look): Standing {
  const all = block.vertices.map((vertex) => standingIn(look, vertex));
  for (const standing of ['failed', 'running', 'cancelled'] as const) if (all.includes(standing)) return standing;
  if (block.vertices.length < block.known) return 'waiting';
  return all.every((standing) => standing === 'cached') ? 'cached' : 'done';
}

function callLine(state: BuildState, block: Block, look: Look): string {
  const standing = callStanding(block, look);
  const cached = block.vertices.filter((vertex) => vertex.cached).length;
  const done = block.vertices.filter((vertex) => vertex.completed !== undefined).length;
  const count = done < block.known ? `${done}/${block.known}` : counted(block.known, 'step');
  const beside = standing === 'cached' || cached === 0 ? count : `${count}, ${cached} cached`;
  const time = standing === 'cached' ? 'cached' : seconds(state.span(block));
  return row(look, { indent: 1, standing, left: block.group ?? '', beside, right: time });
}

function vertexLines(
  state: BuildState,
  vertex: VertexState,
  look: Look,
  {
    indent,
    logLines,
    beside,
  }: { readonly indent: number; readonly logLines: number; readonly beside?: string | undefined },
): string[] {
  const lines = [vertexLine(state, vertex, look, indent, beside)];
  if (standingIn(look, vertex) !== 'running' || logLines === 0) return lines;
  const width = look.columns - 1;
  const under = ' '.repeat(indent + 2);
  const log = vertex.log.lines.slice(-logLines);
  for (const line of log) {
    const text = visibleText(lastDrawn(line).slice(0, width * 8)).replaceAll('\t', '    ');
    lines.push(look.colors.dim(cut(`${under}| ${text}`, width, look.marks.more)));
  }
  const doing = log.length === 0 ? doingText(vertex) : undefined;
  if (doing !== undefined) lines.push(look.colors.dim(cut(`${under}${doing}`, width, look.marks.more)));
  return lines;
}

/** Bytes that a vertex has moved, all its counters together, and how fast. */
function movedText(state: BuildState, vertex: VertexState): string[] {
  let current = 0n;
  let total = 0n;
  let rate = 0;
  for (const counter of vertex.counters.values()) {
    if (counter.now.total === 0n && total > 0n) continue;
    if (counter.now.total > 0n && total === 0n) current = 0n;
    current += counter.now.current;
    total += counter.now.total;
    if (counter.now.completed === undefined) rate += state.rateOf(counter) ?? 0;
  }
  const size = sizeText(current, total);
  return size === '' ? [] : [rate > 0 ? `${size} ${speed(rate)}` : size];
}

/** What a vertex without a log says that it does, where that is more than bytes. */
function doingText(vertex: VertexState): string | undefined {
  const open = [...vertex.counters.values()].filter(({ now }) => now.completed === undefined && now.current === 0n);
  const last = open.at(-1)?.now;
  return last === undefined ? undefined : visibleText(last.id.startsWith('sha256:') ? last.name : last.id);
}

function timeText(state: BuildState, vertex: VertexState, standing: Standing): string {
  if (standing === 'cached') return 'cached';
  const time = seconds(state.duration(vertex));
  return standing === 'failed' || standing === 'cancelled' ? `${standing} ${time}` : time;
}

interface Row {
  readonly indent: number;
  readonly standing: Standing;
  readonly left: string;
  /** Said in addition where there is room. */
  readonly beside?: string | undefined;
  readonly right: string;
}

/** A mark, a text on the left, and one on the right edge; a cell less than the screen is wide. */
function row({ columns, colors, marks }: Look, { indent, standing, left, beside = '', right }: Row): string {
  const width = Math.max(1, columns - 1);
  const mark = `${' '.repeat(indent)}${marks.of[standing]} `;
  const room = width - cells(mark) - cells(right) - 1;
  // Too narrow for two columns: what it is matters more than how long.
  if (room < 8) return painted(colors, standing)(cut(`${mark}${left}`, width, marks.more));
  const rest = room - cells(left) - 2;
  const text =
    beside !== '' && cells(beside) <= rest
      ? `${left}  ${colors.dim(filled(beside, rest))}`
      : filled(left, room, marks.more);
  const paint = painted(colors, standing);
  const name = standing === 'failed' || standing === 'cancelled' ? paint(text) : text;
  return `${paint(mark)}${name} ${colors.dim(right)}`;
}

function painted(colors: Colors, standing: Standing): (text: string) => string {
  switch (standing) {
    case 'failed':
      return colors.red;
    case 'cancelled':
      return colors.yellow;
    case 'running':
      return colors.cyan;
    case 'cached':
      return colors.blue;
    case 'done':
      return colors.green;
    case 'waiting':
      return String;
  }
}
