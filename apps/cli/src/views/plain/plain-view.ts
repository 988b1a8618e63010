import type { SolveEvent } from '@hlb/runtime';
import type { TerminalStream } from '../../io.js';
import type { BuildState } from '../build-state.js';
import type { View } from '../view.js';
import { type PlainLine, PlainLines } from './plain-lines.js';

/** Numbered lines for pipes and logs: every line names its vertex, nothing is drawn over. */
export class PlainView implements View {
  readonly #out: TerminalStream;
  readonly #lines: PlainLines;

  constructor(out: TerminalStream, state: BuildState) {
    this.#out = out;
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
  }

  #print(lines: readonly PlainLine[]): void {
    if (lines.length > 0) this.#out.write(lines.map(({ text }) => `${text}\n`).join(''));
  }
}
