import type { Block, BuildState } from '../build-state.js';
import { bytes, counted, seconds, speed } from '../units.js';
import { standingOf } from '../vertex-state.js';
import { blockLines, type Detail, isOpen, type Look, vertexLine } from './block-lines.js';
import { cut } from './cells.js';

/** How much of what runs is shown, from the most to the least: the first that fits is taken. */
const DETAILS: readonly Detail[] = [
  { logLines: 6, vertices: 'all' },
  { logLines: 6, vertices: 'open' },
  { logLines: 3, vertices: 'open' },
  { logLines: 1, vertices: 'open' },
  { logLines: 0, vertices: 'open' },
];
/** Beyond this many at the end, single steps that came from the cache are counted instead of listed. */
const LISTED_CACHED = 10;

/**
 * One picture of a running build, of at most so many lines: a heading, what is done (as far as there is room), and what runs with
 * the last lines of its log.
 */
export function runningFrame(state: BuildState, look: Look, rows: number): string[] {
  const room = Math.max(1, rows) - 1;
  const open = state.blocks.filter((block) => block.vertices.some(isOpen));
  const body = openLines(state, open, look, room);
  return [heading(state, look), ...recentLines(state, look, room - body.length), ...body];
}

/** What stays of a build when it has ended: a line for each step, or for each call of which nothing went wrong. */
export function endFrame(state: BuildState, running: Look): string[] {
  const look = { ...running, ended: true };
  const cached = state.blocks.filter(isLoneCached);
  const left = cached.length > LISTED_CACHED ? new Set(cached) : new Set<Block>();
  const lines = state.blocks
    .filter((block) => !left.has(block))
    .flatMap((block) => blockLines(state, block, look, { logLines: 0, vertices: 'open' }));
  return left.size === 0 ? lines : [look.colors.dim(` ${counted(left.size, 'step')} from the cache`), ...lines];
}

function isLoneCached({ group, vertices: [vertex] }: Block): boolean {
  return group === undefined && vertex !== undefined && standingOf(vertex) === 'cached';
}

/** What runs, in as much detail as fits; at last a line for each vertex, and how many more there are. */
function openLines(state: BuildState, open: readonly Block[], look: Look, room: number): string[] {
  // More blocks than lines: no detail makes them fit.
  if (open.length <= room) {
    for (const detail of DETAILS) {
      const lines = open.flatMap((block) => blockLines(state, block, look, detail));
      if (lines.length <= room) return lines;
    }
  }
  const vertices = open.flatMap((block) => block.vertices.filter(isOpen));
  if (vertices.length <= room) return vertices.map((vertex) => vertexLine(state, vertex, look));
  const listed = vertices.slice(0, Math.max(0, room - 1));
  const more = `   and ${vertices.length - listed.length} more running`;
  const last = room === 0 ? [] : [look.colors.dim(cut(more, look.columns - 1, look.marks.more))];
  return [...listed.map((vertex) => vertexLine(state, vertex, look)), ...last];
}

/** The blocks that ended last, as many as fit. */
function recentLines(state: BuildState, look: Look, room: number): string[] {
  const recent: Block[] = [];
  for (let place = state.blocks.length - 1; place >= 0 && recent.length < room; place -= 1) {
    const block = state.blocks[place];
    if (block !== undefined && !block.vertices.some(isOpen)) recent.push(block);
  }
  return recent
    .reverse()
    .flatMap((block) => blockLines(state, block, look, { logLines: 0, vertices: 'none' }).slice(0, 1));
}

function heading(state: BuildState, look: Look): string {
  const { done, all, cached } = state.counts();
  const parts = [
    `${look.colors.bold('Building')} ${seconds(state.elapsed())}`,
    ...(all === 0 ? [] : [`${done}/${all} steps${cached === 0 ? '' : `, ${cached} cached`}`]),
    ...movedPart(state, 'send', 'sent'),
    ...movedPart(state, 'receive', 'received'),
  ];
  const text = parts.join('  ');
  const plain = text.replace(look.colors.bold('Building'), 'Building');
  const shorter = cut(plain, look.columns - 1, look.marks.more);
  return shorter === plain ? text : shorter;
}

function movedPart(state: BuildState, direction: 'send' | 'receive', word: string): string[] {
  const { bytes: size, rate } = state.moved(direction);
  if (size === 0) return [];
  return [`${word} ${bytes(size)}${rate === undefined || rate === 0 ? '' : ` ${speed(rate)}`}`];
}
