import type { SolveEvent } from '@hlb/runtime';
import type { TerminalStream } from '../../process/io.js';
import { BoundedOutput } from '../bounded-output.js';
import type { BuildState } from '../build-state.js';
import type { VertexState } from '../vertex-state.js';
import type { View } from '../view.js';
import { harmless } from './actions-commands.js';
import { type PlainLine, PlainLines } from './plain-lines.js';

/** Characters of lines that wait for their group; beyond it they are written, and their groups divided. */
const WAITING = 256 * 1024;

/**
 * The lines of the plain view in groups that GitHub Actions folds, one for each vertex. Groups can't overlap, so one vertex is
 * written as it goes, and the lines of the others wait until it has ended, or there are too many of them.
 */
export class ActionsView implements View {
  readonly #out: BoundedOutput;
  readonly #lines: PlainLines;
  readonly #waiting = new Map<VertexState, Waiting>();
  /** The titles of those of which a part was written. */
  readonly #begun = new Map<VertexState, string>();
  /** Whose group is open. */
  #open: VertexState | undefined;
  #size = 0;

  constructor(out: TerminalStream, state: BuildState) {
    this.#out = new BoundedOutput(out);
    this.#lines = new PlainLines(state);
  }

  event(event: SolveEvent): void {
    for (const line of this.#lines.take(event)) this.#wait(line);
    this.#go();
  }

  notice(text: string): void {
    this.#close();
    this.#out.write(`${harmless(text)}\n`);
  }

  end(): void {
    for (const line of this.#lines.end()) this.#wait(line);
    this.#go();
    for (const vertex of [...this.#waiting.keys()]) this.#write(vertex);
    this.#close();
    this.#out.tell();
  }

  /** Writes what may be written: more of the open group, and when it has ended, what has ended meanwhile, and then another. */
  #go(): void {
    if (this.#open !== undefined) this.#write(this.#open);
    if (this.#open === undefined) {
      for (const [vertex, { ended }] of [...this.#waiting]) if (ended) this.#write(vertex);
      const [next] = this.#waiting.keys();
      if (next !== undefined) this.#write(next);
    } else if (this.#size > WAITING) for (const vertex of [...this.#waiting.keys()]) this.#write(vertex);
  }

  #wait({ vertex, text, kind }: PlainLine): void {
    const waiting = this.#waiting.get(vertex) ?? { title: undefined, lines: [], ended: false };
    if (kind === 'title') waiting.title = text;
    else waiting.lines.push(text);
    waiting.ended = kind === 'end';
    this.#size += text.length;
    this.#waiting.set(vertex, waiting);
  }

  /** Writes the lines of a vertex that wait; its group stays open unless it has ended. */
  #write(vertex: VertexState): void {
    const waiting = this.#waiting.get(vertex);
    if (waiting === undefined) return;
    this.#waiting.delete(vertex);
    const { title = this.#begun.get(vertex) ?? '', lines, ended } = waiting;
    this.#size -= (waiting.title?.length ?? 0) + lines.reduce((sum, line) => sum + line.length, 0);
    if (this.#open !== vertex) {
      this.#close();
      const again = this.#begun.has(vertex);
      this.#begun.set(vertex, title);
      if (!again && ended && lines.length === 1) {
        // Nothing to fold: `#2 image alpine CACHED`.
        this.#out.write(`${harmless(`${title} ${lines[0]?.replace(/^#\d+ /, '') ?? ''}`)}\n`);
        return;
      }
      this.#out.write(`::group::${harmless(title)}${again ? ' (continued)' : ''}\n`);
    }
    this.#open = vertex;
    // The last line says how it ended, which is told in any case.
    const last = ended ? lines.pop() : undefined;
    this.#out.writeLines(lines.map(harmless));
    if (last !== undefined) this.#out.write(`${harmless(last)}\n`);
    if (ended) this.#close();
  }

  #close(): void {
    if (this.#open !== undefined) this.#out.write('::endgroup::\n');
    this.#open = undefined;
  }
}

interface Waiting {
  title: string | undefined;
  readonly lines: string[];
  ended: boolean;
}
