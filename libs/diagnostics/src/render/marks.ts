import { columnsOf } from './source-line.js';
import { wrap } from './wrap.js';

/** A place on one line: the columns that are underlined, and what is said there. */
export interface Mark {
  /** First column, from 0. */
  readonly from: number;
  /** The column after the last. */
  readonly to: number;
  readonly message: string;
  readonly paint: (text: string) => string;
  readonly sign: '^' | '-';
}

/** Messages may begin this many columns before the right end at the latest; else they are moved to the left. */
const LEAST_ROOM = 24;

/**
 * The rows under a line of source: one with the underlines and, after the last of them, its message if there is room; then the
 * other messages, each under its own underline, from right to left.
 */
export function markRows(marks: readonly Mark[], width: number): readonly string[] {
  const sorted = [...marks].sort((a, b) => a.from - b.from || b.to - a.to);
  const underline = underlineRow(sorted);
  const waiting = sorted.filter((mark) => mark.message !== '');
  const rows: string[] = [];
  const last = waiting.at(-1);
  const end = Math.max(0, ...sorted.map((mark) => mark.to));
  let first = underline;
  if (last !== undefined && last === sorted.at(-1) && last.to === end) {
    const room = width - end - 1;
    if (columnsOf(last.message) <= room) {
      first += ` ${last.paint(last.message)}`;
      waiting.pop();
    }
  }
  rows.push(first);
  let isFirst = true;
  for (let mark = waiting.pop(); mark !== undefined; mark = waiting.pop()) {
    // A row of bars, so that a message is not taken for the underline's of its neighbour.
    if (!isFirst || waiting.length > 0 || sorted.length > 1) rows.push(barRow([...waiting, mark], waiting.length + 1));
    rows.push(...messageRows(mark, waiting, width));
    isFirst = false;
  }
  return rows;
}

function underlineRow(marks: readonly Mark[]): string {
  // The primary sign wins where underlines overlap.
  const cells: { sign: string; paint: Mark['paint'] }[] = [];
  for (const mark of [...marks].sort((a, b) => (a.sign === b.sign ? 0 : a.sign === '-' ? -1 : 1))) {
    for (let column = mark.from; column < mark.to; column++) cells[column] = { sign: mark.sign, paint: mark.paint };
  }
  let row = '';
  for (let column = 0; column < cells.length; ) {
    const cell = cells[column];
    if (cell === undefined) {
      row += ' ';
      column++;
      continue;
    }
    let next = column + 1;
    while (cells[next]?.paint === cell.paint && cells[next]?.sign === cell.sign) next++;
    row += cell.paint(cell.sign.repeat(next - column));
    column = next;
  }
  return row;
}

/** Bars under the first `count` marks. */
function barRow(marks: readonly Mark[], count: number): string {
  let row = '';
  let column = 0;
  for (const mark of marks.slice(0, count)) {
    if (mark.from < column) continue;
    row += `${' '.repeat(mark.from - column)}${mark.paint('│')}`;
    column = mark.from + 1;
  }
  return row;
}

function messageRows(mark: Mark, left: readonly Mark[], width: number): readonly string[] {
  const size = columnsOf(mark.message);
  let start = mark.from;
  if (width - start < Math.min(size, LEAST_ROOM)) start = Math.max(0, width - Math.min(size, width));
  const barsBefore = left.filter((other) => other.from < start);
  const bars = barRow(barsBefore, barsBefore.length);
  const barColumns = barsBefore.length === 0 ? 0 : Math.max(...barsBefore.map((other) => other.from)) + 1;
  return wrap(mark.message, width - start).map(
    (line) => `${bars}${' '.repeat(Math.max(0, start - barColumns))}${mark.paint(line)}`,
  );
}
