import type { SolveEvent } from '@hlb/runtime';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { TerminalStream } from '../io.js';
import type { BuildState } from './build-state.js';
import { drawFrame } from './tty-frame.js';
import type { View } from './view.js';

/** The screen is drawn anew at most once in this many ms. */
const REDRAW_INTERVAL = 100;

/** The usual look of a build on a terminal: drawn over itself while it runs, left standing whole at the end. */
export class TtyView implements View {
  readonly #out: TerminalStream;
  readonly #state: BuildState;
  readonly #color: boolean;
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  #changed = true;
  #ended = false;

  constructor(out: TerminalStream, state: BuildState, color: boolean) {
    this.#out = out;
    this.#state = state;
    this.#color = color;
    this.#update = createLogUpdate(out as NodeJS.WriteStream, { defaultWidth: 80, defaultHeight: 24 });
    this.#timer = setInterval(() => this.#draw(), REDRAW_INTERVAL);
    this.#timer.unref();
  }

  event(event: SolveEvent): void {
    this.#state.take(event);
    this.#changed = true;
  }

  notice(text: string): void {
    if (this.#ended) return;
    this.#update.clear();
    this.#out.write(`${text}\n`);
    this.#changed = true;
  }

  end(outcome: 'done' | 'failed' | 'cancelled'): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#update.clear();
    this.#update.done();
    if (this.#state.started.length === 0) return;
    this.#out.write(`${this.#frame(outcome, Number.POSITIVE_INFINITY).join('\n')}\n`);
  }

  #draw(): void {
    const running = this.#state.started.some((vertex) => vertex.completed === undefined);
    if (!this.#changed && !running) return;
    this.#changed = false;
    if (this.#state.started.length === 0) return;
    this.#update(this.#frame('running', Math.max(2, (this.#out.rows ?? 24) - 1)).join('\n'));
  }

  #frame(outcome: 'running' | 'done' | 'failed' | 'cancelled', rows: number): string[] {
    return drawFrame(this.#state, {
      columns: this.#out.columns ?? 80,
      rows,
      colors: pc.createColors(this.#color),
      outcome,
    });
  }
}
