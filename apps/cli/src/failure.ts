import { type Diagnostic, type DiagnosticCode, diagnostic, type SourceFile, type Span, span } from '@hlb/diagnostics';
import type { ProgramPlace, SolveError, SolveErrorDetails } from '@hlb/runtime';
import type { BuildState, VertexState } from './views/build-state.js';
import { seconds } from './views/units.js';
import { lastDrawn, visibleText } from './views/visible-text.js';

/** Lines of a failed command's log that its message shows. */
const SHOWN_LINES = 20;

/** Signals by the exit codes that shells and runtimes make of them (128 + number). */
const SIGNALS: Readonly<Record<number, string>> = {
  130: 'SIGINT: it was interrupted',
  134: 'SIGABRT: it aborted itself',
  137: 'SIGKILL: it was killed, often for using too much memory',
  139: 'SIGSEGV: it read or wrote memory that is not its own',
  143: 'SIGTERM: it was asked to end',
};

const CODES: Readonly<Record<SolveErrorDetails['reason'], DiagnosticCode>> = {
  'command-failed': 'HLB0801',
  'solve-failed': 'HLB0802',
  'connection-lost': 'HLB0803',
  'output-failed': 'HLB0804',
  'source-unreadable': 'HLB0805',
  unsupported: 'HLB0806',
  cancelled: 'HLB0807',
};

/** A failed build as a diagnostic: its place in the program, the calls that led there, the end of its log, and what to try. */
export function explainFailure(error: SolveError, files: readonly SourceFile[], state: BuildState): Diagnostic {
  const { details } = error;
  const places = details.places.map((place) => placeSpan(place, files)).filter((place) => place !== undefined);
  const calls = places.length > 0 ? places : [...details.calls];
  const [at, ...callers] = calls;
  const vertex = details.vertex === undefined ? undefined : state.vertices.get(details.vertex);
  return diagnostic(CODES[details.reason], {
    message: messageOf(error, vertex, state),
    ...(at === undefined ? {} : { at, label: details.reason === 'command-failed' ? 'this command' : '' }),
    frames: callers.reverse(),
    notes: [...commandNote(vertex), ...logNote(vertex)],
    helps: helpsFor(error),
  });
}

function messageOf(error: SolveError, vertex: VertexState | undefined, state: BuildState): string {
  const { exitCode } = error.details;
  if (error.details.reason !== 'command-failed' || exitCode === undefined) return visibleText(error.message);
  const signal = SIGNALS[exitCode];
  const after = vertex === undefined ? '' : ` after ${seconds(state.duration(vertex))}`;
  return `the command failed with exit code ${exitCode}${signal === undefined ? '' : ` (${signal})`}${after}`;
}

function commandNote(vertex: VertexState | undefined): string[] {
  return vertex === undefined ? [] : [`it ran: ${vertex.name}`];
}

function logNote(vertex: VertexState | undefined): string[] {
  if (vertex === undefined || vertex.log.total === 0) return [];
  const shown = vertex.log.lines.slice(-SHOWN_LINES);
  const left = vertex.log.total - shown.length;
  const head =
    left > 0
      ? `the last ${shown.length} of the ${vertex.log.total.toLocaleString('en-US')} lines it wrote:`
      : 'it wrote:';
  return [`${head}\n${shown.map((line) => `| ${visibleText(lastDrawn(line))}`).join('\n')}`];
}

function helpsFor(error: SolveError): string[] {
  const { reason, exitCode, help } = error.details;
  if (help !== undefined) return [help];
  const text = error.message;
  if (reason === 'command-failed') {
    if (exitCode === 127)
      return ['127 means that the command was not found: is it installed in this file system, and on its PATH?'];
    if (exitCode === 126) return ['126 means that the file is no program that can be executed: is its mode right?'];
    return [];
  }
  if (reason === 'connection-lost')
    return ['Look at the log of the engine, and run the build again: what was built is in its cache.'];
  if (/exec format error/.test(text)) return ['The program is for another processor: is the platform right?'];
  if (/no such file or directory/.test(text) && reason === 'solve-failed') {
    return ['Paths of copy and run are those of the file system that they read, not of this machine.'];
  }
  if (/401|unauthorized|authorization failed|denied/i.test(text)) {
    return ['Log in to the registry (docker login), or check the name of the image.'];
  }
  return [];
}

/** The engine's place in a file of this program; `undefined` for a file that isn't known here. */
function placeSpan(place: ProgramPlace, files: readonly SourceFile[]): Span | undefined {
  const file = files.find((candidate) => candidate.name === place.file);
  if (file === undefined) return undefined;
  return span(file, offsetOf(file, place.start), offsetOf(file, place.end));
}

/** LLB counts columns in code points. */
function offsetOf(file: SourceFile, position: { readonly line: number; readonly column: number }): number {
  const start = file.lineStarts()[position.line - 1];
  if (start === undefined) return file.text.length;
  let offset = start;
  for (let column = 1; column < position.column && offset < file.text.length; column += 1) {
    offset += (file.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
