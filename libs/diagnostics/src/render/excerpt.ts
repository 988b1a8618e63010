import type { Label, Severity } from '../diagnostic.js';
import type { SourceFile } from '../source-file.js';
import { type Mark, markRows } from './marks.js';
import type { Palette } from './palette.js';
import { type Cell, cellsOf, columnRange, visible } from './source-line.js';

export interface ExcerptOptions {
  readonly width: number;
  /** Lines shown before and after each line with a place. */
  readonly context: number;
  readonly palette: Palette;
  readonly severity: Severity;
}

/** Of a longer line only the neighbourhood of its places is looked at (UTF-16 units on each side). */
const NEIGHBOURHOOD = 400;

/** The part of a label that is on one line. */
interface LinePart {
  readonly label: Label;
  /** UTF-16 offsets in the file, cut to the line. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** Draws all places of one file: its name and position, and each line that holds a place, underlined. */
export function excerpt(file: SourceFile, labels: readonly Label[], gutter: number, options: ExcerptOptions): string[] {
  const { palette } = options;
  const parts = new Map<number, LinePart[]>();
  for (const label of labels) addParts(file, label, parts);
  const shown = linesToShow(file, [...parts.keys()], options.context);
  const first = labels.find((label) => label.primary) ?? labels[0];
  const position = first === undefined ? { line: 1, column: 1 } : file.position(first.span.start);
  const blank = ' '.repeat(gutter);
  const rows = [
    `${blank} ${palette.frame('┌')} ${palette.frame(`${visible(file.name)}:${position.line}:${position.column}`)}`,
    `${blank} ${palette.frame('│')}`,
  ];
  let previous: number | undefined;
  for (const line of shown) {
    if (previous !== undefined && line > previous + 1) rows.push(`${blank} ${palette.frame('⋮')}`);
    previous = line;
    rows.push(...lineRows(file, line, parts.get(line) ?? [], gutter, options));
  }
  return rows;
}

/** Digits that the line numbers of a file's excerpt need. */
export function gutterOf(file: SourceFile, labels: readonly Label[], context: number): number {
  let last = 1;
  for (const { span } of labels)
    last = Math.max(last, file.position(Math.max(span.start, span.end - 1)).line + context);
  return String(Math.min(last, file.lineStarts().length)).length;
}

/** A place of several lines is shown by its first and its last line; the message stands at the end. */
function addParts(file: SourceFile, label: Label, parts: Map<number, LinePart[]>): void {
  const { span } = label;
  const firstLine = file.position(span.start).line;
  const lastLine = file.position(Math.max(span.start, span.end - 1)).line;
  const add = (line: number, start: number, end: number, message: string): void => {
    const part = { label, start, end, message };
    const all = parts.get(line);
    if (all === undefined) parts.set(line, [part]);
    else all.push(part);
  };
  if (firstLine === lastLine) {
    add(firstLine, span.start, span.end, label.message);
    return;
  }
  const [firstStart, firstEnd] = lineRange(file, firstLine);
  const [lastStart] = lineRange(file, lastLine);
  add(firstLine, Math.max(span.start, firstStart), firstEnd, '');
  const indent = /^[ \t]*/.exec(file.text.slice(lastStart, span.end))?.[0].length ?? 0;
  add(lastLine, Math.min(lastStart + indent, span.end), span.end, label.message);
}

/** Offsets of a line, without its end. */
function lineRange(file: SourceFile, line: number): readonly [number, number] {
  const starts = file.lineStarts();
  const start = starts[line - 1] ?? file.text.length;
  let end = (starts[line] ?? file.text.length + 1) - 1;
  if (file.text[end - 1] === '\r') end--;
  return [start, Math.max(start, end)];
}

function linesToShow(file: SourceFile, marked: readonly number[], context: number): readonly number[] {
  const lines = new Set<number>();
  const count = file.lineStarts().length;
  for (const line of marked) {
    for (let near = line - context; near <= line + context; near++) if (near >= 1 && near <= count) lines.add(near);
  }
  const sorted = [...lines].sort((a, b) => a - b);
  // A gap of one line is no shorter than the line.
  for (const line of sorted) if (lines.has(line + 2) && !lines.has(line + 1)) lines.add(line + 1);
  return [...lines].sort((a, b) => a - b);
}

function lineRows(
  file: SourceFile,
  line: number,
  parts: readonly LinePart[],
  gutter: number,
  options: ExcerptOptions,
): string[] {
  const { palette, width } = options;
  const room = Math.max(20, width - gutter - 3);
  const number = palette.frame(String(line).padStart(gutter));
  const bar = palette.frame('│');
  const view = viewOf(file, line, parts, room);
  const text = view.text.trimEnd();
  const rows = [text === '' ? `${number} ${bar}` : `${number} ${bar} ${text}`];
  if (parts.length === 0) return rows;
  const blank = ' '.repeat(gutter);
  const marks: Mark[] = parts.map((part) => {
    const [from, to] = view.columns(part.start, part.end);
    return {
      from,
      to,
      message: visible(part.message),
      sign: part.label.primary ? '^' : '-',
      paint: part.label.primary ? (t) => palette.primary(options.severity, t) : palette.secondary,
    };
  });
  for (const row of markRows(marks, room)) rows.push(`${blank} ${bar} ${row}`.trimEnd());
  return rows;
}

interface View {
  readonly text: string;
  /** Columns in `text` of a range of offsets in the file. */
  readonly columns: (start: number, end: number) => readonly [number, number];
}

/** A line, or what fits of it around its places. */
function viewOf(file: SourceFile, line: number, parts: readonly LinePart[], room: number): View {
  let [from, to] = lineRange(file, line);
  const places = parts.length === 0 ? [from] : parts.map((part) => part.start);
  const main = parts.find((part) => part.label.primary)?.start ?? Math.min(...places);
  const lineStart = from;
  const lineEnd = to;
  if (to - from > 2 * NEIGHBOURHOOD) {
    from = Math.max(from, main - NEIGHBOURHOOD);
    to = Math.min(to, main + NEIGHBOURHOOD);
  }
  const cells = cellsOf(file.text.slice(from, to));
  const last = cells.at(-1);
  const total = last === undefined ? 0 : last.column + last.width;
  const columnsIn = (start: number, end: number): readonly [number, number] =>
    columnRange(cells, Math.max(0, start - from), Math.max(0, end - from));
  const whole = from === lineStart && to === lineEnd;
  if (whole && total <= room) return { text: cells.map((cell) => cell.text).join(''), columns: columnsIn };
  return cutView(cells, total, columnsIn, parts, main, room, { left: from > lineStart, right: to < lineEnd });
}

function cutView(
  cells: readonly Cell[],
  total: number,
  columnsIn: View['columns'],
  parts: readonly LinePart[],
  main: number,
  room: number,
  more: { readonly left: boolean; readonly right: boolean },
): View {
  const ranges = parts.map((part) => columnsIn(part.start, part.end));
  const [mainFrom, mainTo] = columnsIn(main, parts.find((part) => part.start === main)?.end ?? main);
  const least = Math.min(mainFrom, ...ranges.map(([start]) => start));
  const most = Math.max(mainTo, ...ranges.map(([, end]) => end));
  // All places if they fit, else the main one, with some of what stands before it.
  const [inner, outer] = most - least <= room - 8 ? [least, most] : [mainFrom, Math.min(mainTo, mainFrom + room - 8)];
  const spare = Math.max(0, room - (outer - inner) - 2);
  let first = Math.max(0, inner - Math.floor(spare / 2));
  if (first + room - 1 >= total) first = Math.max(0, total - room + 1);
  const left = first > 0 || more.left;
  const start = left ? first + 1 : first;
  let end = start + room - (left ? 1 : 0);
  const right = end < total || more.right;
  if (right) end -= 1;
  const kept = cells.filter((cell) => cell.column >= start && cell.column + cell.width <= end);
  const firstKept = kept[0]?.column ?? start;
  const shift = (left ? 1 : 0) - firstKept;
  const text = `${left ? '…' : ''}${kept.map((cell) => cell.text).join('')}${right ? '…' : ''}`;
  const limit = room;
  return {
    text,
    columns: (a, b) => {
      const [from, to] = columnsIn(a, b);
      const low = Math.min(Math.max(0, from + shift), limit - 1);
      return [low, Math.max(low + 1, Math.min(limit, to + shift))];
    },
  };
}
