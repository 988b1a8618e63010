import type { SolveEvent, TransferProgress, VertexChanged, VertexLogged, VertexWarned } from '@hlb/runtime';
import { Rate } from './rate.js';
import { shownName } from './shown-name.js';
import { countProgress, newVertex, standingOf, type VertexState } from './vertex-state.js';
import { visibleText } from './visible-text.js';

/** Warnings that are kept to be told at the end; the others are counted. */
const KEPT_WARNINGS = 200;
/** What the engine writes where it cuts a log. */
const CLIPPED = /^\[output clipped, log limit (\S+) reached\]$/;

/** What is shown together: a vertex, or all that one call of a function made. */
export interface Block {
  /** Absent for a vertex that no call made. */
  readonly group: string | undefined;
  /** In the order in which they started. */
  readonly vertices: VertexState[];
  /** How many there are, those included that have not started. */
  known: number;
}

/** What happened so far, as every view needs it: a reducer of the runtime's events. */
export class BuildState {
  readonly vertices: Map<string, VertexState> = new Map();
  /** Vertices in the order in which they started. */
  readonly started: VertexState[] = [];
  /** The same vertices, those of a call together, in the order in which the first of each started. */
  readonly blocks: Block[] = [];
  readonly transfers: Map<number, TransferProgress> = new Map();
  readonly warnings: VertexWarned[] = [];
  readonly outputs: (Extract<SolveEvent, { kind: 'output' }> & { readonly took: number })[] = [];
  readonly texts: Extract<SolveEvent, { kind: 'text' }>[] = [];
  readonly openedAt: number;
  readonly #now: () => number;
  /** By the ids of groups. */
  readonly #groups = new Map<string, Block>();
  readonly #groupOf = new Map<string, Block>();
  readonly #steps = new Map<string, number>();
  readonly #warned = new Set<string>();
  readonly #rates = { send: new Rate(), receive: new Rate() };
  readonly #moved = { send: 0, receive: 0 };
  #done = 0;
  #cached = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.openedAt = now();
  }

  /** Takes an event in; gives the log lines that it completed. */
  take(event: SolveEvent): readonly LogLine[] {
    switch (event.kind) {
      case 'vertex':
        return this.#vertexChanged(event);
      case 'progress': {
        const vertex = this.vertices.get(event.vertex);
        if (vertex !== undefined) countProgress(vertex, event, this.#now());
        return [];
      }
      case 'log':
        return this.#logged(event);
      case 'warning':
        this.#warn(event);
        return [];
      case 'transfer':
        this.#transferred(event);
        return [];
      case 'step-started':
        this.#steps.set(event.step, event.time);
        return [];
      case 'output':
        this.outputs.push({ ...event, took: Math.max(0, event.time - (this.#steps.get(event.step) ?? event.time)) });
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

  /** The call of a function that made a vertex, as it is shown. */
  callOf(vertex: VertexState): string | undefined {
    return this.#groupOf.get(vertex.digest)?.group;
  }

  /** Milliseconds from the start of the first vertex of a block to the end of the last, or to now. */
  span(block: Block): number {
    const [first] = block.vertices;
    if (first !== undefined && block.vertices.length === 1) return this.duration(first);
    let start = Number.POSITIVE_INFINITY;
    let seen = Number.POSITIVE_INFINITY;
    let end = 0;
    let running = false;
    for (const vertex of block.vertices) {
      start = Math.min(start, vertex.started ?? start);
      seen = Math.min(seen, vertex.seenStarted ?? seen);
      end = Math.max(end, vertex.completed ?? 0);
      running ||= vertex.started !== undefined && vertex.completed === undefined;
    }
    if (running) return this.#now() - seen;
    return start === Number.POSITIVE_INFINITY ? 0 : Math.max(0, end - start);
  }

  /** Milliseconds since the build was opened. */
  elapsed(): number {
    return this.#now() - this.openedAt;
  }

  /** How fast a counter grows, in bytes per second, where that is known. */
  rateOf(counter: { readonly rate: Rate }): number | undefined {
    return counter.rate.perSecond(this.#now());
  }

  /** Counts for a heading: vertices that went well, and all that are known. */
  counts(): { readonly done: number; readonly all: number; readonly cached: number } {
    return { done: this.#done, all: this.vertices.size, cached: this.#cached };
  }

  /** What went to the engine, or came from it, all transfers together; `rate` in bytes per second, while any runs. */
  moved(direction: 'send' | 'receive'): Moved {
    let files = 0;
    let running = false;
    const names = new Set<string>();
    for (const transfer of this.transfers.values()) {
      if (transfer.direction !== direction) continue;
      files += transfer.files;
      running ||= transfer.state === 'started' || transfer.state === 'running';
      names.add(transfer.name);
    }
    const rate = running ? this.#rates[direction].perSecond(this.#now()) : undefined;
    return { files, bytes: this.#moved[direction], names: names.size, rate };
  }

  /** What should be known of files that were sent, though nothing failed. */
  transferWarnings(): readonly string[] {
    return [...this.transfers.values()].flatMap((transfer) => transfer.warnings.map(visibleText));
  }

  /** Warnings of the engine beyond those that are kept. */
  get furtherWarnings(): number {
    return this.#warned.size - this.warnings.length;
  }

  #vertexChanged(event: VertexChanged): readonly LogLine[] {
    let vertex = this.vertices.get(event.digest);
    if (vertex === undefined) {
      vertex = newVertex(event);
      this.vertices.set(event.digest, vertex);
    } else this.#uncount(vertex);
    vertex.name = shownName(event.name);
    vertex.cached ||= event.cached;
    if (event.progressGroup !== undefined) this.#join(event.digest, event.progressGroup);
    if (event.started !== undefined && event.started !== vertex.started) {
      if (vertex.started !== undefined && vertex.completed !== undefined) vertex.earlier = this.duration(vertex);
      vertex.started = event.started;
      vertex.completed = undefined;
      vertex.error = undefined;
      vertex.seenStarted = this.#now();
      vertex.counters.clear();
    }
    if (event.completed !== undefined) vertex.completed = event.completed;
    vertex.error = event.error ?? vertex.error;
    this.#count(vertex);
    if (vertex.number === 0 && standingOf(vertex) !== 'waiting') this.#place(vertex);
    return event.completed === undefined ? [] : this.#ended(vertex, event.completed);
  }

  /** Notes the group of a vertex; the first that is told counts. */
  #join(digest: string, { id, name }: { readonly id: string; readonly name: string }): void {
    if (this.#groupOf.has(digest)) return;
    const block = this.#groups.get(id) ?? { group: shownName(name), vertices: [], known: 0 };
    this.#groups.set(id, block);
    this.#groupOf.set(digest, block);
    block.known += 1;
  }

  /** Gives a vertex its number, and its place beside those of the same call. */
  #place(vertex: VertexState): void {
    this.started.push(vertex);
    vertex.number = this.started.length;
    const block = this.#groupOf.get(vertex.digest) ?? { group: undefined, vertices: [], known: 1 };
    if (block.vertices.length === 0) this.blocks.push(block);
    block.vertices.push(vertex);
  }

  /** At the end of a build: what logs still hold that came after the end of their vertex, without a newline. */
  rest(): readonly LogLine[] {
    return this.started.flatMap((vertex) => this.#ended(vertex, vertex.completed ?? vertex.started ?? 0));
  }

  /** What a vertex leaves when it has ended: the rest of its log. What went well needs no log any longer. */
  #ended(vertex: VertexState, time: number): readonly LogLine[] {
    const { stdout, stderr } = vertex.splitters;
    const lines = [...stdout.end(), ...stderr.end()].map((text) => this.#line(vertex, text, time));
    if (vertex.error === undefined) vertex.log.forget();
    return lines;
  }

  #count(vertex: VertexState): void {
    if (wentWell(vertex)) this.#done += 1;
    if (vertex.cached) this.#cached += 1;
  }

  #uncount(vertex: VertexState): void {
    if (wentWell(vertex)) this.#done -= 1;
    if (vertex.cached) this.#cached -= 1;
  }

  #logged(event: VertexLogged): readonly LogLine[] {
    const vertex = this.vertices.get(event.vertex);
    if (vertex === undefined) return [];
    return vertex.splitters[event.stream].push(event.data).map((text) => this.#line(vertex, text, event.time));
  }

  #line(vertex: VertexState, text: string, time: number | undefined): LogLine {
    const clipped = CLIPPED.exec(text)?.[1];
    vertex.clipped = clipped ?? vertex.clipped;
    vertex.log.push(text);
    const since = time === undefined || vertex.started === undefined ? 0 : Math.max(0, time - vertex.started);
    return { vertex, text, since, clipped };
  }

  /** Solves that share a vertex repeat its warnings. */
  #warn(event: VertexWarned): void {
    const { step: _, kind: __, source, ...told } = event;
    const key = JSON.stringify([told, source?.file, source?.ranges]);
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    if (this.warnings.length < KEPT_WARNINGS) this.warnings.push(event);
  }

  #transferred(event: TransferProgress): void {
    const { direction } = event;
    this.#moved[direction] += event.bytes - (this.transfers.get(event.transfer)?.bytes ?? 0);
    this.transfers.set(event.transfer, event);
    this.#rates[direction].note(this.#now(), this.#moved[direction]);
  }
}

function wentWell(vertex: VertexState): boolean {
  const standing = standingOf(vertex);
  return standing === 'done' || standing === 'cached';
}

/** What was sent or received. */
export interface Moved {
  readonly files: number;
  readonly bytes: number;
  /** How many directories and files of this host it was. */
  readonly names: number;
  readonly rate: number | undefined;
}

/** A whole line of a vertex' log, as it was written; `since` the vertex' start in ms. */
export interface LogLine {
  readonly vertex: VertexState;
  readonly text: string;
  readonly since: number;
  /** The limit that the engine tells here, in place of what the command wrote from here on. */
  readonly clipped: string | undefined;
}
