import type { SolveEvent, VertexProgress, VertexWarned } from '@hlb/runtime';
import type { BuildState, LogLine } from '../build-state.js';
import { counterText } from '../counter-text.js';
import { seconds } from '../units.js';
import { standingOf, type VertexState } from '../vertex-state.js';
import { lastDrawn, visibleText } from '../visible-text.js';

/** A counter is reported when it is done, and from this many bytes on when it moved by a tenth. */
const REPORTED_STEPS = 10n;
/** Where the whole is unknown it is reported when it moved by this many bytes. */
const REPORTED_BYTES = 50_000_000n;

/** A time from which on it is told (ms). */
const SHOWN_TIME = 100;
/** Reported of a counter that is done. */
const FINISHED = -1n;

/** A line of a log of a build, and the vertex that it is about. */
export interface PlainLine {
  readonly vertex: VertexState;
  readonly text: string;
  /** `title` names the vertex, once, before all others; after `end` it has ended, but may start again. */
  readonly kind: 'title' | 'text' | 'end';
}

/** Makes lines of a build's events that can stand alone: each says which vertex it is about, nothing is drawn over. */
export class PlainLines {
  readonly #state: BuildState;
  readonly #announced = new Set<VertexState>();
  readonly #ended = new Set<VertexState>();
  /** What each counter of a running vertex was when it was reported. */
  readonly #reported = new Map<VertexState, Map<string, bigint>>();
  #lines: PlainLine[] = [];

  constructor(state: BuildState) {
    this.#state = state;
  }

  /** Takes an event in; gives the lines that it is worth. */
  take(event: SolveEvent): readonly PlainLine[] {
    const whole = this.#state.take(event);
    this.#lines = [];
    for (const line of whole) this.#log(line);
    if (event.kind === 'vertex') this.#vertex(this.#state.vertices.get(event.digest));
    else if (event.kind === 'progress') this.#progress(event);
    else if (event.kind === 'warning') this.#warning(event);
    return this.#lines;
  }

  /** For what was running when the build ended. */
  end(): readonly PlainLine[] {
    this.#lines = [];
    for (const line of this.#state.rest()) this.#log(line);
    for (const vertex of this.#state.started) {
      if (standingOf(vertex) === 'running') this.#add(vertex, 'end', 'STOPPED');
    }
    return this.#lines;
  }

  #vertex(vertex: VertexState | undefined): void {
    if (vertex === undefined || vertex.number === 0) return;
    this.#announce(vertex);
    const standing = standingOf(vertex);
    if (standing === 'running') this.#ended.delete(vertex);
    if (standing === 'running' || this.#ended.has(vertex)) return;
    this.#ended.add(vertex);
    this.#reported.delete(vertex);
    this.#add(vertex, 'end', this.#ending(vertex));
  }

  #ending(vertex: VertexState): string {
    switch (standingOf(vertex)) {
      case 'failed':
        return `ERROR: ${visibleText(reason(vertex.error ?? ''))}`;
      case 'cancelled':
        return 'CANCELED';
      case 'cached':
        return 'CACHED';
      default:
        return `DONE ${seconds(this.#state.duration(vertex))}`;
    }
  }

  #announce(vertex: VertexState): void {
    if (this.#announced.has(vertex)) return;
    this.#announced.add(vertex);
    const call = this.#state.callOf(vertex);
    this.#add(vertex, 'title', call === undefined ? vertex.name : `[${call}] ${vertex.name}`);
  }

  #log({ vertex, text, since }: LogLine): void {
    if (vertex.number === 0) return;
    this.#announce(vertex);
    this.#add(vertex, 'text', `${(since / 1000).toFixed(3)} ${visibleText(lastDrawn(text))}`);
  }

  #progress(event: VertexProgress): void {
    const vertex = this.#state.vertices.get(event.vertex);
    if (vertex === undefined || vertex.number === 0) return;
    // Engines end some counters after their vertex.
    if (standingOf(vertex) !== 'running' && event.current === 0n) return;
    const counters = this.#reported.get(vertex) ?? new Map<string, bigint>();
    this.#reported.set(vertex, counters);
    if (!isNews(event, counters.get(event.id))) return;
    counters.set(event.id, event.completed === undefined ? event.current : FINISHED);
    this.#announce(vertex);
    const time = event.started === undefined ? 0 : (event.completed ?? 0) - event.started;
    const done = event.completed === undefined ? '' : time < SHOWN_TIME ? ' done' : ` done ${seconds(time)}`;
    this.#add(vertex, 'text', `${counterText(event)}${done}`);
  }

  #warning(event: VertexWarned): void {
    const vertex = this.#state.vertices.get(event.vertex);
    if (vertex === undefined || vertex.number === 0) return;
    this.#announce(vertex);
    this.#add(vertex, 'text', `WARNING: ${visibleText(event.message)}`);
  }

  #add(vertex: VertexState, kind: PlainLine['kind'], text: string): void {
    this.#lines.push({ vertex, kind, text: `#${vertex.number} ${text}` });
  }
}

/** What the engine says of a command that failed, without the command: it is the step's name. */
function reason(error: string): string {
  return /^process ".*" did not complete successfully: (.+)$/s.exec(error)?.[1] ?? error;
}

/** Whether a counter has moved enough since it was reported to be reported again. */
function isNews({ current, total, started, completed }: VertexProgress, last: bigint | undefined): boolean {
  if (last === FINISHED) return false;
  if (completed !== undefined) {
    // What counts nothing and took no time was told when it began.
    const counts = current > 0n || total > 0n;
    return last === undefined || counts || completed - (started ?? completed) >= SHOWN_TIME;
  }
  const step = total > 0n ? total / REPORTED_STEPS : REPORTED_BYTES;
  return last === undefined || (current !== last && current - last >= step);
}
