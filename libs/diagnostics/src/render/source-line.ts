import stringWidth from 'string-width';

/** Columns from one tab stop to the next. */
const TAB_WIDTH = 4;

/** One thing that is drawn: a character with its combining marks, a tab, or a control character made visible. */
export interface Cell {
  /** UTF-16 offsets in the line, half-open. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Columns before it. */
  readonly column: number;
  /** Columns that it takes; 0 for what only shows together with its neighbours. */
  readonly width: number;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A line of source as it can be drawn: every character with its column, tabs as blanks up to their stop, wide characters two
 * columns wide, and what would control the terminal or hide shown by its number or its picture.
 */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  const add = (start: number, end: number, text: string, width: number): void => {
    cells.push({ start, end, text, column, width });
    column += width;
  };
  // Plain ASCII, which most lines are, needs no segmenting.
  if (/^[\u0020-\u007e]*$/.test(line)) {
    for (let i = 0; i < line.length; i++) add(i, i + 1, line[i] ?? '', 1);
    return cells;
  }
  for (const { segment, index } of segmenter.segment(line)) {
    if (segment === '\t') {
      const width = TAB_WIDTH - (column % TAB_WIDTH);
      add(index, index + 1, ' '.repeat(width), width);
      continue;
    }
    const shown = visible(segment);
    add(index, index + segment.length, shown, stringWidth(shown));
  }
  return cells;
}

/** Controls but none that draw; marks that turn the direction of text; characters that nobody sees; halves of characters. */
const HIDDEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\p{Cs}]/gu;

/** Text that can be shown anywhere: what would control the terminal or hide is shown by its picture or its number. */
export function visible(text: string): string {
  return text.replace(HIDDEN, picture);
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Columns that a text takes. */
export function columnsOf(text: string): number {
  return /^[\u0020-\u007e]*$/.test(text) ? text.length : stringWidth(text);
}

/** The columns of a range of offsets, half-open; an empty range is one column wide, so that something can point at it. */
export function columnRange(cells: readonly Cell[], start: number, end: number): readonly [number, number] {
  const last = cells.at(-1);
  const total = last === undefined ? 0 : last.column + last.width;
  let from: number | undefined;
  let to = 0;
  for (const cell of cells) {
    if (cell.end <= start) continue;
    if (from === undefined) {
      from = cell.column;
      to = cell.column + cell.width;
    }
    if (cell.start >= end) break;
    to = cell.column + cell.width;
  }
  const first = from ?? total;
  return [first, Math.max(first + 1, from === undefined ? total + 1 : to)];
}
