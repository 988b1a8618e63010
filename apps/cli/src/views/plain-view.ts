import type { SolveEvent, VertexProgress } from '@hlb/runtime';
import type { TerminalStream } from '../io.js';
import type { BuildState, LogLine, VertexState } from './build-state.js';
import { bytes, seconds } from './units.js';
import type { View } from './view.js';
import { lastDrawn, visibleText } from './visible-text.js';

/** A counter is reported when it is done, and from this many bytes on when it moved by a tenth. */
const REPORTED_STEPS = 10n;

/** Numbered lines for pipes and logs: every line names its vertex, nothing is drawn over. */
export class PlainView implements View {
  readonly #out: TerminalStream;
  readonly #state: BuildState;
  readonly #announced = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #reported = new Map<string, bigint>();

  constructor(out: TerminalStream, state: BuildState) {
    this.#out = out;
    this.#state = state;
  }

  event(event: SolveEvent): void {
    const lines = this.#state.take(event);
    for (const line of lines) this.#log(line);
    switch (event.kind) {
      case 'vertex': {
        const vertex = this.#state.vertices.get(event.digest);
        if (vertex !== undefined) this.#vertex(vertex);
        break;
      }
      case 'progress':
        this.#progress(event);
        break;
      case 'warning':
        this.#print(`${this.#prefix(event.vertex)}WARNING: ${visibleText(event.message)}`);
        break;
      default:
        break;
    }
  }

  notice(text: string): void {
    this.#print(text);
  }

  end(): void {
    for (const vertex of this.#state.started)
      if (vertex.completed === undefined) this.#print(`#${vertex.number} STOPPED`);
  }

  #vertex(vertex: VertexState): void {
    if (vertex.number === 0) return;
    this.#announce(vertex);
    if (vertex.completed === undefined) {
      this.#ended.delete(vertex.digest);
      return;
    }
    if (this.#ended.has(vertex.digest)) return;
    this.#ended.add(vertex.digest);
    const head = `#${vertex.number} `;
    if (vertex.error !== undefined) {
      const cancelled = /context canceled$/.test(vertex.error);
      this.#print(cancelled ? `${head}CANCELED` : `${head}ERROR: ${visibleText(vertex.error)}`);
    } else if (vertex.cached) this.#print(`${head}CACHED`);
    else this.#print(`${head}DONE ${seconds(this.#state.duration(vertex))}`);
  }

  #announce(vertex: VertexState): void {
    if (this.#announced.has(vertex.digest)) return;
    this.#announced.add(vertex.digest);
    this.#print(`#${vertex.number} ${vertex.name}`);
  }

  #log(line: LogLine): void {
    if (line.vertex.number === 0) return;
    this.#announce(line.vertex);
    this.#print(`#${line.vertex.number} ${(line.since / 1000).toFixed(3)} ${visibleText(lastDrawn(line.text))}`);
  }

  #progress(event: VertexProgress): void {
    const vertex = this.#state.vertices.get(event.vertex);
    if (vertex === undefined || vertex.number === 0) return;
    const key = `${event.vertex} ${event.id}`;
    const last = this.#reported.get(key);
    const step = event.total > 0n ? event.total / REPORTED_STEPS : 50_000_000n;
    const finished = event.completed !== undefined;
    if (last !== undefined && !finished && (event.current === last || event.current - last < step)) return;
    if (finished && last === -1n) return;
    this.#reported.set(key, finished ? -1n : event.current);
    this.#announce(vertex);
    const name = visibleText(event.name === '' ? event.id : event.name);
    const size =
      event.total > 0n
        ? ` ${bytes(event.current)} / ${bytes(event.total)}`
        : event.current > 0n
          ? ` ${bytes(event.current)}`
          : '';
    this.#print(`#${vertex.number} ${name}${size}${finished ? ' done' : ''}`);
  }

  #prefix(digest: string): string {
    const vertex = this.#state.vertices.get(digest);
    return vertex === undefined || vertex.number === 0 ? '' : `#${vertex.number} `;
  }

  #print(line: string): void {
    this.#out.write(`${line}\n`);
  }
}
