import type { SolveEvent } from '@hlb/runtime';
import type { TerminalStream } from '../../process/io.js';
import { BoundedOutput } from '../bounded-output.js';
import type { BuildState } from '../build-state.js';
import type { View } from '../view.js';
import { type PlainLine, PlainLines } from './plain-lines.js';

/** Numbered lines for pipes and logs: every line names its vertex, nothing is drawn over. */
export class PlainView implements View {
  readonly #out: BoundedOutput;
  readonly #lines: PlainLines;

  constructor(out: TerminalStream, state: BuildState) {
    this.#out = new BoundedOutput(out);
    this.#lines = new PlainLines(state);
  }

  event(event: SolveEvent): void {
    this.#print(this.#lines.take(event));
  }

  notice(text: string): void {
    this.#out.write(`${text}\n`);
  }

  end(): void {
    this.#print(this.#lines.end());
    this.#out.tell();
  }

  #print(lines: readonly PlainLine[]): void {
    // Of an event all lines are of a log, or there are but a few.
    if (lines.every(({ kind }) => kind === 'text')) this.#out.writeLines(lines.map(({ text }) => text));
    else this.#out.write(lines.map(({ text }) => `${text}\n`).join(''));
  }
}
