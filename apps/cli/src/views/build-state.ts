import type { SolveEvent, TransferProgress, VertexChanged, VertexLogged, VertexProgress } from '@hlb/runtime';
import { LineSplitter, Tail } from './log-lines.js';
import { shownName } from './shown-name.js';
import { visibleText } from './visible-text.js';

/** Lines of a vertex' log that are kept to be shown when it fails. */
const KEPT_LOG_LINES = 200;

/** What the views know of one vertex. Times are milliseconds. */
export interface VertexState {
  /** From 1, in the order in which vertices started. 0 before that. */
  number: number;
  readonly digest: string;
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
  readonly counters: Map<string, VertexProgress>;
  readonly log: Tail;
  readonly splitters: { readonly stdout: LineSplitter; readonly stderr: LineSplitter };
}

/** What happened so far, as every view needs it: a reducer of the runtime's events. */
export class BuildState {
  readonly vertices: Map<string, VertexState> = new Map();
  /** Vertices in the order in which they started. */
  readonly started: VertexState[] = [];
  readonly transfers: Map<number, TransferProgress> = new Map();
  readonly warnings: { vertex: string; message: string; details: readonly string[]; url?: string }[] = [];
  readonly outputs: Extract<SolveEvent, { kind: 'output' }>[] = [];
  readonly texts: Extract<SolveEvent, { kind: 'text' }>[] = [];
  readonly #now: () => number;
  readonly openedAt: number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.openedAt = now();
  }

  /** Takes an event in; gives the log lines that it completed. */
  take(event: SolveEvent): readonly LogLine[] {
    switch (event.kind) {
      case 'vertex':
        return this.#vertexChanged(event);
      case 'progress':
        this.vertices.get(event.vertex)?.counters.set(event.id, event);
        return [];
      case 'log':
        return this.#logged(event);
      case 'warning':
        this.warnings.push({
          vertex: event.vertex,
          message: event.message,
          details: event.details,
          ...(event.url === undefined ? {} : { url: event.url }),
        });
        return [];
      case 'transfer':
        this.transfers.set(event.transfer, event);
        return [];
      case 'output':
        this.outputs.push(event);
        return [];
      case 'text':
        this.texts.push(event);
        return [];
      default:
        return [];
    }
  }

  /** Milliseconds that a vertex has run, all its runs together. */
  duration(vertex: VertexState): number {
    if (vertex.started === undefined) return vertex.earlier;
    if (vertex.completed !== undefined) return vertex.earlier + Math.max(0, vertex.completed - vertex.started);
    return vertex.earlier + Math.max(0, this.#now() - (vertex.seenStarted ?? this.#now()));
  }

  /** Milliseconds since the build was opened. */
  elapsed(): number {
    return this.#now() - this.openedAt;
  }

  /** Counts for a heading: vertices that are done, and all that are known. */
  counts(): { readonly done: number; readonly all: number; readonly cached: number } {
    let done = 0;
    let cached = 0;
    for (const vertex of this.vertices.values()) {
      if (vertex.completed !== undefined) done += 1;
      if (vertex.cached) cached += 1;
    }
    return { done, all: this.vertices.size, cached };
  }

  /** What went to the engine, all transfers together. */
  sent(): { readonly files: number; readonly bytes: number; readonly names: number } {
    let files = 0;
    let bytes = 0;
    const names = new Set<string>();
    for (const transfer of this.transfers.values()) {
      if (transfer.direction !== 'send') continue;
      files += transfer.files;
      bytes += transfer.bytes;
      names.add(transfer.name);
    }
    return { files, bytes, names: names.size };
  }

  /** What should be known of files that were sent, though nothing failed. */
  transferWarnings(): readonly string[] {
    return [...this.transfers.values()].flatMap((transfer) => transfer.warnings.map(visibleText));
  }

  #vertexChanged(event: VertexChanged): readonly LogLine[] {
    let vertex = this.vertices.get(event.digest);
    if (vertex === undefined) {
      vertex = newVertex(event);
      this.vertices.set(event.digest, vertex);
    }
    vertex.name = shownName(event.name);
    vertex.cached ||= event.cached;
    if (event.started !== undefined && event.started !== vertex.started) {
      if (vertex.started !== undefined && vertex.completed !== undefined) vertex.earlier = this.duration(vertex);
      vertex.started = event.started;
      vertex.completed = undefined;
      vertex.error = undefined;
      vertex.seenStarted = this.#now();
    }
    if (event.completed !== undefined) vertex.completed = event.completed;
    vertex.error = event.error ?? vertex.error;
    if (vertex.number === 0 && (event.started !== undefined || event.cached || event.completed !== undefined)) {
      this.started.push(vertex);
      vertex.number = this.started.length;
    }
    if (event.completed === undefined) return [];
    const state = vertex;
    const rest = [...state.splitters.stdout.end(), ...state.splitters.stderr.end()];
    return rest.map((text) => this.#line(state, text, event.completed));
  }

  #logged(event: VertexLogged): readonly LogLine[] {
    const vertex = this.vertices.get(event.vertex);
    if (vertex === undefined) return [];
    return vertex.splitters[event.stream].push(event.data).map((text) => this.#line(vertex, text, event.time));
  }

  #line(vertex: VertexState, text: string, time: number | undefined): LogLine {
    vertex.log.push(text);
    const since = time === undefined || vertex.started === undefined ? 0 : Math.max(0, time - vertex.started);
    return { vertex, text, since };
  }
}

/** A whole line of a vertex' log, as it was written; `since` the vertex' start in ms. */
export interface LogLine {
  readonly vertex: VertexState;
  readonly text: string;
  readonly since: number;
}

function newVertex(event: VertexChanged): VertexState {
  return {
    number: 0,
    digest: event.digest,
    name: event.name,
    cached: false,
    started: undefined,
    completed: undefined,
    seenStarted: undefined,
    earlier: 0,
    error: undefined,
    counters: new Map(),
    log: new Tail(KEPT_LOG_LINES),
    splitters: { stdout: new LineSplitter(), stderr: new LineSplitter() },
  };
}
