import type { TerminalStream } from '../../process/io.js';
import { cells } from './cells.js';

const ESC = '\u001b';
/** What lies between is drawn at once; terminals that don't know it ignore it. */
const TOGETHER = { begin: `${ESC}[?2026h`, end: `${ESC}[?2026l` };
const CURSOR = { hide: `${ESC}[?25l`, show: `${ESC}[?25h` };
const CLEAR_LINE = `${ESC}[K`;
const CLEAR_BELOW = `${ESC}[J`;

/**
 * A picture at the end of a terminal's text, drawn over itself: lines that did not change are not written again, and nothing is
 * cleared before it is drawn, so that nothing flickers. The lines given must be narrower than the terminal.
 */
export class Screen {
  readonly #out: TerminalStream;
  #shown: readonly string[] = [];
  #columns: number;
  #hidden = false;
  readonly #showCursor = (): void => void this.#out.write(CURSOR.show);

  constructor(out: TerminalStream) {
    this.#out = out;
    this.#columns = this.columns;
  }

  /** Cells across. */
  get columns(): number {
    return this.#out.columns !== undefined && this.#out.columns > 0 ? this.#out.columns : 80;
  }

  /** Lines of the terminal. */
  get rows(): number {
    return this.#out.rows !== undefined && this.#out.rows > 0 ? this.#out.rows : 24;
  }

  /** Whether what was drawn waits to be taken: the output is a pipe that nobody reads. */
  get behind(): boolean {
    return this.#out.writableNeedDrain;
  }

  /** Draws the lines in place of those that stand there; `above` are whole lines that stay above them for good. */
  draw(lines: readonly string[], above = ''): void {
    const { length } = this.#shown;
    const moved = above !== '' || this.#columns !== this.columns;
    if (!moved && length === lines.length && lines.every((line, at) => line === this.#shown[at])) return;
    const body = moved ? over([...linesOf(above), ...lines]) : this.#changes(lines);
    const text = `${TOGETHER.begin}${this.#hide()}${this.#up()}${body}${TOGETHER.end}`;
    this.#shown = lines;
    this.#columns = this.columns;
    this.#out.write(text);
  }

  /** Takes the picture away, leaves `above` in its place, and gives the cursor back. */
  end(above: string): void {
    const lines = linesOf(above);
    const shown = this.#shown.length;
    const up = this.#up();
    // Each line for itself: some terminals keep a screen that is cleared from its top as text that was scrolled away.
    const text =
      lines.length > 0
        ? over(lines)
        : shown === 0
          ? ''
          : `${`${CLEAR_LINE}\n`.repeat(shown)}${CLEAR_BELOW}\r${ESC}[${shown}A`;
    this.#shown = [];
    const show = this.#hidden ? CURSOR.show : '';
    if (this.#hidden) process.off('exit', this.#showCursor);
    this.#hidden = false;
    if (text !== '' || show !== '') this.#out.write(`${TOGETHER.begin}${up}${text}${show}${TOGETHER.end}`);
  }

  /** The picture is no longer where it was: another program had the terminal. */
  forget(): void {
    this.#shown = [];
  }

  #hide(): string {
    if (this.#hidden) return '';
    this.#hidden = true;
    process.once('exit', this.#showCursor);
    return CURSOR.hide;
  }

  /** To the first line of what stands there. A terminal that became narrower has broken its lines. */
  #up(): string {
    const { columns } = this;
    const narrower = columns < this.#columns;
    const height = narrower
      ? this.#shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(cells(line) / columns)), 0)
      : this.#shown.length;
    const up = Math.min(height, this.rows - 1);
    return up === 0 ? '' : `\r${ESC}[${up}A`;
  }

  #changes(lines: readonly string[]): string {
    const text = lines.map((line, place) => (line === this.#shown[place] ? '\n' : `${line}${CLEAR_LINE}\n`)).join('');
    return lines.length < this.#shown.length ? `${text}${CLEAR_BELOW}` : text;
  }
}

/** Lines over what stands there, and nothing below. */
function over(lines: readonly string[]): string {
  return `${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
