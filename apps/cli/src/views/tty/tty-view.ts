import type { SolveEvent } from '@hlb/runtime';
import pc from 'picocolors';
import type { TerminalStream } from '../../process/io.js';
import type { BuildState } from '../build-state.js';
import type { View } from '../view.js';
import type { Look } from './block-lines.js';
import { marksFor } from './marks.js';
import { Screen } from './screen.js';
import { endFrame, runningFrame } from './tty-frame.js';

/** The screen is drawn anew at most once in this many ms. */
const REDRAW_INTERVAL = 100;
/** Nothing is drawn for a build that is over sooner than this (ms) and runs nothing. */
const FIRST_DRAW = 300;

/** The usual look of a build on a terminal: drawn over itself while it runs, left standing whole at the end. */
export class TtyView implements View {
  readonly #state: BuildState;
  readonly #screen: Screen;
  readonly #style: Pick<Look, 'colors' | 'marks'>;
  readonly #timer: NodeJS.Timeout;
  readonly #continued = (): void => this.#screen.forget();
  #notices = '';
  #ended = false;

  constructor(
    out: TerminalStream,
    state: BuildState,
    options: { readonly color: boolean; readonly env: NodeJS.ProcessEnv },
  ) {
    this.#state = state;
    this.#screen = new Screen(out);
    this.#style = { colors: pc.createColors(options.color), marks: marksFor(options.env) };
    this.#timer = setInterval(() => this.#draw(), REDRAW_INTERVAL);
    this.#timer.unref();
    process.on('SIGCONT', this.#continued);
  }

  event(event: SolveEvent): void {
    this.#state.take(event);
  }

  notice(text: string): void {
    if (this.#ended) return;
    this.#notices += `${text}\n`;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    process.off('SIGCONT', this.#continued);
    const lines = endFrame(this.#state, this.#look());
    this.#screen.end(`${this.#notices}${lines.map((line) => `${line}\n`).join('')}`);
  }

  #draw(): void {
    // A picture that nobody has looked at yet needs no newer one behind it.
    if (this.#screen.behind) return;
    const idle = this.#state.started.length === 0 && this.#state.elapsed() < FIRST_DRAW;
    if (idle && this.#notices === '') return;
    const lines = idle ? [] : runningFrame(this.#state, this.#look(), Math.max(1, this.#screen.rows - 1));
    this.#screen.draw(lines, this.#notices);
    this.#notices = '';
  }

  #look(): Look {
    return { ...this.#style, columns: this.#screen.columns };
  }
}
