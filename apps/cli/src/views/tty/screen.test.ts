import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { TerminalStream } from '../../process/io.js';
import { Screen } from './screen.js';

/** A terminal that knows what a screen needs: lines, moving up, clearing, breaking lines when it becomes narrower. */
class Terminal extends Writable {
  columns: number;
  rows: number;
  readonly isTTY = true;
  /** All lines from the first on; the last `rows` of them are seen. */
  lines: string[] = [''];
  written = '';
  #line = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    const text = chunk.toString();
    this.written += text;
    for (const part of text.matchAll(/\u001b\[(\?\d+[hl]|\d*[AJK])|\n|\r|./gsu)) this.#take(part[0], part[1]);
    done();
  }

  resize(columns: number): void {
    const broken: string[] = [];
    for (const line of this.lines) {
      for (let at = 0; at === 0 || at < line.length; at += columns) broken.push(line.slice(at, at + columns));
    }
    this.#line += broken.length - this.lines.length;
    this.lines = broken;
    this.columns = columns;
  }

  #take(text: string, sequence: string | undefined): void {
    const line = this.lines[this.#line] ?? '';
    if (sequence?.endsWith('A') === true) {
      this.#line = Math.max(0, this.lines.length - this.rows, this.#line - Number(sequence.slice(0, -1)));
    } else if (sequence?.endsWith('K') === true) this.lines[this.#line] = line.slice(0, this.#column);
    else if (sequence?.endsWith('J') === true) {
      this.lines[this.#line] = line.slice(0, this.#column);
      this.lines.length = this.#line + 1;
    } else if (text === '\n') {
      this.#line += 1;
      this.#column = 0;
      this.lines[this.#line] ??= '';
    } else if (text === '\r') this.#column = 0;
    else if (sequence === undefined) {
      this.lines[this.#line] = `${line.slice(0, this.#column)}${text}${line.slice(this.#column + 1)}`;
      this.#column += 1;
    }
  }
}

function screenOn(columns: number, rows: number): { terminal: Terminal; screen: Screen } {
  const terminal = new Terminal(columns, rows);
  const stream: TerminalStream = terminal;
  stream.write('before\n');
  terminal.written = '';
  return { terminal, screen: new Screen(stream) };
}

test('a picture is drawn over the last one, longer or shorter; what stands above stays', () => {
  const { terminal, screen } = screenOn(20, 10);
  screen.draw(['one', 'two two']);
  screen.draw(['one', 'two', 'three']);
  expect(terminal.lines).toEqual(['before', 'one', 'two', 'three', '']);
  screen.draw(['last']);
  expect(terminal.lines).toEqual(['before', 'last', '']);
  screen.draw(['again'], 'a notice\n');
  expect(terminal.lines).toEqual(['before', 'a notice', 'again', '']);
  screen.end('the end\n');
  expect(terminal.lines).toEqual(['before', 'a notice', 'the end', '']);
});

test('lines that stay the same are not written again, and nothing is cleared before it is drawn', () => {
  const { terminal, screen } = screenOn(20, 10);
  screen.draw(['same', 'old']);
  terminal.written = '';
  screen.draw(['same', 'new']);
  expect(terminal.written).not.toContain('same');
  expect(terminal.written).toMatch(/new\u001b\[K/);
  expect(terminal.written).not.toMatch(/\u001b\[\d*J/);
  terminal.written = '';
  screen.draw(['same', 'new']);
  expect(terminal.written).toBe('');
});

test('a terminal that became narrower, and wider again, holds the picture once', () => {
  const { terminal, screen } = screenOn(20, 12);
  screen.draw(['0123456789abcdef', 'short']);
  terminal.resize(10);
  screen.draw(['012345678', 'short']);
  expect(terminal.lines).toEqual(['before', '012345678', 'short', '']);
  terminal.resize(40);
  screen.draw(['0123456789abcdef', 'short']);
  expect(terminal.lines).toEqual(['before', '0123456789abcdef', 'short', '']);
});

test('the cursor is hidden while a picture stands, and given back at the end, also when the process ends before', () => {
  const before = process.listenerCount('exit');
  const { terminal, screen } = screenOn(20, 10);
  screen.draw(['one']);
  screen.draw(['two']);
  expect(terminal.written.match(/\u001b\[\?25l/g)).toHaveLength(1);
  expect(process.listenerCount('exit')).toBe(before + 1);
  screen.end('');
  expect(terminal.written).toMatch(/\u001b\[\?25h\u001b\[\?2026l$/);
  expect(process.listenerCount('exit')).toBe(before);
});

test('a picture that fills the screen is never cleared from its top, which some terminals keep as scrolled text', () => {
  const { terminal, screen } = screenOn(20, 4);
  screen.draw(['1', '2', '3']);
  screen.draw(['1', '2', '3'], 'notice\n');
  screen.end('the end\n');
  expect(terminal.lines).toEqual(['before', 'notice', 'the end', '']);
  expect(terminal.written).not.toMatch(/A\u001b\[J/);
  const { terminal: other, screen: empty } = screenOn(20, 4);
  empty.draw(['1', '2', '3']);
  empty.end('');
  expect(other.lines.filter((line) => line !== '')).toEqual(['before']);
  expect(other.written).not.toMatch(/A\u001b\[J/);
});

test('a screen that showed nothing leaves nothing', () => {
  const { terminal, screen } = screenOn(20, 10);
  screen.end('');
  expect(terminal.written).toBe('');
});
