import type { VertexChanged, VertexProgress } from '@hlb/runtime';
import { LineSplitter, Tail } from './log-lines.js';
import { Rate } from './rate.js';
import { shownName } from './shown-name.js';

/** What is kept of a vertex' log, to be shown while it runs and when it fails. */
const KEPT_LOG = { lines: 200, characters: 64 * 1024 };

/** What the views know of one vertex. Times are milliseconds. */
export interface VertexState {
  /** From 1, in the order in which vertices started. 0 before that. */
  number: number;
  readonly digest: string;
  /** As it is shown. */
  name: string;
  cached: boolean;
  /** The engine's times of the run that is going on or was the last. */
  started: number | undefined;
  completed: number | undefined;
  /** This host's time when it was seen to start, for the clock of a running vertex. */
  seenStarted: number | undefined;
  /** Time of earlier runs: the engine may start a vertex again. */
  earlier: number;
  error: string | undefined;
  /** Of the run that is going on. */
  readonly counters: Map<string, Counter>;
  readonly log: Tail;
  /** The limit at which the engine cut its log (`2MiB`, `200KiB/s`). */
  clipped: string | undefined;
  readonly splitters: { readonly stdout: LineSplitter; readonly stderr: LineSplitter };
}

/** A counter of a vertex as it is now, and how fast it grows. */
export interface Counter {
  now: VertexProgress;
  readonly rate: Rate;
}

export function newVertex(event: VertexChanged): VertexState {
  return {
    number: 0,
    digest: event.digest,
    name: shownName(event.name),
    cached: false,
    started: undefined,
    completed: undefined,
    seenStarted: undefined,
    earlier: 0,
    error: undefined,
    counters: new Map(),
    log: new Tail(KEPT_LOG),
    clipped: undefined,
    splitters: { stdout: new LineSplitter(), stderr: new LineSplitter() },
  };
}

/** How a vertex stands. */
export type Standing = 'waiting' | 'running' | 'done' | 'cached' | 'failed' | 'cancelled';

export function standingOf(vertex: VertexState): Standing {
  if (vertex.error !== undefined) return /context canceled$/.test(vertex.error) ? 'cancelled' : 'failed';
  if (vertex.completed !== undefined) return vertex.cached ? 'cached' : 'done';
  if (vertex.started !== undefined) return 'running';
  return vertex.cached ? 'cached' : 'waiting';
}

/** Takes a counter's news in. */
export function countProgress(vertex: VertexState, event: VertexProgress, now: number): void {
  const counter = vertex.counters.get(event.id) ?? { now: event, rate: new Rate() };
  counter.now = event;
  counter.rate.note(now, Number(event.current));
  vertex.counters.set(event.id, counter);
}
