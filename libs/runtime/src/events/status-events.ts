import type { StatusUpdate, VertexUpdate } from '@hlb/buildkit';
import { digestOf } from '@hlb/llb';
import type { StepId } from '@hlb/plan';
import type { SolveEvent } from './events.js';

/**
 * An engine divides news whose logs are larger than 1 MiB, and sends the further parts right after: so much of logs (in bytes) may
 * mean that more of them follow. It counts what stands around each chunk, too, which is no more than the rest.
 */
const DIVIDED = 3 * 256 * 1024;

/**
 * The events of an engine's news of a step: each vertex before what belongs to it, and its end after its log, which the engine sends
 * the other way round where both come at once.
 */
export class StatusEvents {
  readonly #step: StepId;
  readonly #sessionId: string;
  /** What engines call the vertices that only this step has, by their digests. */
  readonly #own: ReadonlyMap<string, string>;
  /** Vertices whose end is told after the logs that may still come. */
  #held: VertexUpdate[] = [];

  /** @param sessionId of the session that the step's solve names */
  constructor(step: StepId, sessionId: string) {
    this.#step = step;
    this.#sessionId = sessionId;
    this.#own = exportsOf(sessionId);
  }

  /** What an update tells. */
  *take(news: StatusUpdate): Generator<SolveEvent> {
    const update = this.#distinct(news);
    const logged = new Set(update.logs.map(({ vertex }) => vertex));
    // What was held belongs to news of which this is the next part only if it has nothing but logs.
    const further = update.vertices.length === 0 && update.counters.length === 0 && logged.size > 0;
    if (!further) yield* this.end();
    const size = update.logs.reduce((sum, { data }) => sum + data.length, 0);
    for (const vertex of update.vertices) {
      if (vertex.completed === undefined || (size < DIVIDED && !logged.has(vertex.digest))) {
        yield vertexEvent(this.#step, vertex);
        continue;
      }
      const { completed: _, ...open } = vertex;
      yield vertexEvent(this.#step, { ...open, error: '' });
      this.#held.push(vertex);
    }
    yield* otherEvents(this.#step, update);
    if (size < DIVIDED) yield* this.end();
  }

  /** The news with digests of their own for what only this step does. */
  #distinct(update: StatusUpdate): StatusUpdate {
    const named = (digest: string): string => {
      const name = this.#own.get(digest);
      return name === undefined ? digest : digestOf(Buffer.from(`${this.#step} ${this.#sessionId}-${name}`));
    };
    const within = <T extends { readonly vertex: string }>(each: T): T =>
      this.#own.has(each.vertex) ? { ...each, vertex: named(each.vertex) } : each;
    const { vertices, counters, logs, warnings } = update;
    if (
      !vertices.some(({ digest }) => this.#own.has(digest)) &&
      ![...counters, ...logs].some(({ vertex }) => this.#own.has(vertex))
    ) {
      return update;
    }
    return {
      vertices: vertices.map((each) => ({ ...each, digest: named(each.digest) })),
      counters: counters.map(within),
      logs: logs.map(within),
      warnings: warnings.map(within),
    };
  }

  /** What is still to be told when no more news come. */
  *end(): Generator<SolveEvent> {
    const held = this.#held;
    this.#held = [];
    for (const vertex of held) yield vertexEvent(this.#step, vertex);
  }
}

/** Exporters and caches of a solve that are told apart. */
const MOST_EXPORTS = 16;

/**
 * An engine names the vertices of a solve's exporters and caches by the session and their places in the solve alone (BuildKit's
 * `llbsolver`: `SESSION-export-0`, `SESSION-cache-0`; without a number before 0.13), so that those of two solves of one session are the same.
 */
function exportsOf(sessionId: string): ReadonlyMap<string, string> {
  if (last?.sessionId === sessionId) return last.names;
  const names = ['export', 'cache'].flatMap((what) => [
    what,
    ...Array.from({ length: MOST_EXPORTS }, (_, place) => `${what}-${place}`),
  ]);
  last = {
    sessionId,
    names: new Map(names.map((name) => [digestOf(Buffer.from(`${sessionId}-${name}`)), name])),
  };
  return last.names;
}

/** The steps of a build mostly share a session. */
let last: { readonly sessionId: string; readonly names: ReadonlyMap<string, string> } | undefined;

function vertexEvent(step: StepId, { error, ...vertex }: VertexUpdate): SolveEvent {
  return { kind: 'vertex', step, ...vertex, ...(error === '' ? {} : { error }) };
}

function* otherEvents(step: StepId, update: StatusUpdate): Generator<SolveEvent> {
  for (const { id, vertex, name, current, total, time, started, completed } of update.counters) {
    yield {
      ...{ kind: 'progress', step, vertex, id, name, current, total },
      ...(time === undefined ? {} : { time }),
      ...(started === undefined ? {} : { started }),
      ...(completed === undefined ? {} : { completed }),
    };
  }
  for (const log of update.logs) yield { kind: 'log', step, ...log };
  for (const { url, ...warning } of update.warnings) {
    yield { kind: 'warning', step, ...warning, ...(url === '' ? {} : { url }) };
  }
}
