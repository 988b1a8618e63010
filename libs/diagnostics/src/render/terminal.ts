import type { Diagnostic, Label } from '../diagnostic.js';
import type { SourceFile, Span } from '../source-file.js';
import { type ExcerptOptions, excerpt, gutterOf } from './excerpt.js';
import { palette as makePalette, type Palette } from './palette.js';
import { visible } from './source-line.js';
import { wrap } from './wrap.js';

/** How a diagnostic is drawn. */
export interface RenderOptions {
  /** Default: no colour. */
  readonly color?: boolean;
  /** Columns; default 80. Narrower than 40 is drawn as 40. */
  readonly width?: number;
  /** Lines of source before and after each line with a place; default 0. */
  readonly context?: number;
  /** All calls that led to the place, instead of the innermost; default false. */
  readonly backtrace?: boolean;
}

const DEFAULT_WIDTH = 80;
const LEAST_WIDTH = 40;

/**
 * Draws a diagnostic for a terminal: code and message, an excerpt of each file with the places underlined, then notes, helps and
 * the calls that led there. Ends with a newline. What a program's text holds of control characters is shown, never obeyed.
 */
export function renderDiagnostic(found: Diagnostic, options: RenderOptions = {}): string {
  const width = Math.max(LEAST_WIDTH, options.width ?? DEFAULT_WIDTH);
  const context = Math.max(0, options.context ?? 0);
  const palette = makePalette(options.color ?? false);
  const drawn = { width, context, palette, severity: found.severity } satisfies ExcerptOptions;
  const rows = headline(found, width, palette);
  const groups = groupByFile(found.labels.filter((label) => !isVirtual(label.span.file)));
  const gutter = Math.max(1, ...groups.map(({ file, labels }) => gutterOf(file, labels, context)));
  for (const { file, labels } of groups) {
    rows.push(...excerpt(file, labels, gutter, drawn));
    rows.push(`${' '.repeat(gutter)} ${palette.frame('│')}`);
  }
  // The last empty bar only leads over to what follows.
  const footers = [
    ...frameRows(found.frames, options.backtrace ?? false),
    ...found.labels.filter((label) => isVirtual(label.span.file)).map(virtualRow),
    ...found.notes.map((text) => ({ word: 'note', text })),
    ...found.helps.map((text) => ({ word: 'help', text })),
  ];
  if (footers.length === 0 && groups.length > 0) rows.pop();
  for (const { word, text } of footers) rows.push(...footer(word, text, gutter, width, palette));
  return `${rows.join('\n')}\n`;
}

function headline(found: Diagnostic, width: number, palette: Palette): string[] {
  const head = `${found.severity} ${found.code}: `;
  const lines = wrap(visible(found.message), width - head.length);
  return lines.map((line, index) =>
    index === 0
      ? `${palette.severity(found.severity, head.trimEnd())} ${palette.message(line)}`
      : `${' '.repeat(head.length)}${palette.message(line)}`,
  );
}

function footer(word: string, text: string, gutter: number, width: number, palette: Palette): string[] {
  const indent = gutter + 1;
  const before = indent + 2 + word.length + 2;
  // A note may be of several lines, such as the end of a command's log.
  const lines = text.split('\n').flatMap((line) => wrapQuote(visible(line), width - before));
  return lines.map((line, index) =>
    index === 0
      ? `${' '.repeat(indent)}${palette.frame('=')} ${palette.word(`${word}:`)} ${line}`
      : `${' '.repeat(before)}${line}`,
  );
}

/** A line of somebody's log (`| …`) that is broken stays marked as one on all its lines. */
function wrapQuote(line: string, width: number): readonly string[] {
  const quote = '| ';
  if (!line.startsWith(quote)) return wrap(line, width);
  return wrap(line.slice(quote.length), width - quote.length).map((part) => `${quote}${part}`);
}

/** Files that exist only in the compiler, such as the one that declares the builtins. */
function isVirtual(file: SourceFile): boolean {
  return file.name.startsWith('<') && file.name.endsWith('>') && file.name !== '<stdin>';
}

function virtualRow({ span, message }: Label): { readonly word: string; readonly text: string } {
  return { word: message === '' ? 'note' : message, text: lineAt(span) };
}

/** The line in which a span begins, without its indent. */
function lineAt({ file, start }: Span): string {
  const { line } = file.position(start);
  const starts = file.lineStarts();
  return file.text.slice(starts[line - 1] ?? 0, (starts[line] ?? file.text.length + 1) - 1).trim();
}

/** The files of labels, that of the primary one first, the others by name. */
function groupByFile(
  labels: readonly Label[],
): readonly { readonly file: SourceFile; readonly labels: readonly Label[] }[] {
  const groups = new Map<SourceFile, Label[]>();
  for (const label of labels) {
    const group = groups.get(label.span.file);
    if (group === undefined) groups.set(label.span.file, [label]);
    else group.push(label);
  }
  const rank = (group: readonly Label[]): number => (group.some((label) => label.primary) ? 0 : 1);
  return [...groups]
    .map(([file, group]) => ({ file, labels: group }))
    .sort((a, b) => rank(a.labels) - rank(b.labels) || (a.file.name < b.file.name ? -1 : 1));
}

const MOST_SNIPPET = 48;

function frameRows(frames: readonly Span[], all: boolean): readonly { readonly word: string; readonly text: string }[] {
  const shown = all ? [...frames].reverse() : frames.slice(-1);
  const rows = shown.map((frame) => {
    const { line, column } = frame.file.position(frame.start);
    const text = lineAt(frame);
    const snippet = text.length > MOST_SNIPPET ? `${text.slice(0, MOST_SNIPPET - 1)}…` : text;
    return { word: 'called', text: `${frame.file.name}:${line}:${column}: \`${snippet}\`` };
  });
  const hidden = frames.length - shown.length;
  if (hidden > 0) rows.push({ word: 'called', text: hidden === 1 ? '1 frame hidden' : `${hidden} frames hidden` });
  return rows;
}
