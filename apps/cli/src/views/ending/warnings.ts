import type { VertexWarned } from '@hlb/runtime';
import type { BuildState } from '../build-state.js';
import { counted } from '../units.js';
import { visibleText } from '../visible-text.js';

/** Lines of a file that a warning shows at most. */
const SHOWN_LINES = 4;
/** Characters of such a line. */
const SHOWN_WIDTH = 120;

/** What engine and frontends warned of, each with its place and the page about it; what was cut of logs; what was odd in files. */
export function warningLines(state: BuildState): string {
  const { warnings, furtherWarnings } = state;
  const files = state.transferWarnings().map((warning) => `warning: ${warning}\n`);
  const all = warnings.length + furtherWarnings;
  const heading = all > 1 ? [`${counted(all, 'warning')}:\n`] : [];
  const further = furtherWarnings === 0 ? [] : [`and ${counted(furtherWarnings, 'further warning')}\n`];
  return [...heading, ...warnings.map(told), ...further, ...files, clippedLine(state)].join('');
}

function told(warning: VertexWarned): string {
  const { message, details, url, source } = warning;
  const line = source?.ranges[0]?.start.line;
  const place = source === undefined ? '' : `${visibleText(source.file)}${line === undefined ? '' : `:${line}`}: `;
  const lines = [`warning: ${place}${visibleText(message)}`];
  for (const detail of details) lines.push(...detail.split('\n').map((text) => `  ${visibleText(text)}`));
  if (source !== undefined) lines.push(...excerpt(source));
  if (url !== undefined) lines.push(`  see ${visibleText(url)}`);
  return `${lines.join('\n')}\n`;
}

/** The lines that a warning is about, with their numbers. */
function excerpt({ data, ranges }: NonNullable<VertexWarned['source']>): string[] {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString().split('\n');
  const numbers = new Set<number>();
  for (const { start, end } of ranges) {
    for (let line = start.line; line <= end.line && numbers.size < SHOWN_LINES; line += 1) {
      if (line >= 1 && line <= text.length) numbers.add(line);
    }
  }
  const wide = String(Math.max(0, ...numbers)).length;
  return [...numbers].map((number) => {
    const line = (text[number - 1] ?? '').slice(0, SHOWN_WIDTH);
    return `  ${String(number).padStart(wide)} | ${visibleText(line).replaceAll('\t', '    ')}`;
  });
}

/** Says once whose logs the engine cut, and what lifts its limits. */
function clippedLine(state: BuildState): string {
  const clipped = state.started.filter((vertex) => vertex.clipped !== undefined);
  const [first] = clipped;
  if (first === undefined) return '';
  const numbers = clipped.map(({ number }) => `#${number}`).slice(0, 10);
  const whose =
    clipped.length === 1
      ? `the log of ${first.name.slice(0, 60)}`
      : `the logs of ${counted(clipped.length, 'step')} (${numbers.join(', ')}${clipped.length > numbers.length ? ', …' : ''})`;
  const limits = [...new Set(clipped.map(({ clipped: limit }) => limit))].join(' and ');
  const text =
    'BUILDKIT_STEP_LOG_MAX_SIZE and BUILDKIT_STEP_LOG_MAX_SPEED in the environment of the engine lift that (-1: no limit)';
  return `warning: the engine cut ${whose} at ${limits}\n  ${text}\n`;
}
