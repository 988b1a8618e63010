import { type SourceFile, type Span, sourceFile, span } from '@hlb/diagnostics';
import type { ProgramPlace, SolvedGraph } from '@hlb/runtime';

/** The engine's place in a file of this program; `undefined` for a file that isn't known here. */
export function placeSpan(place: ProgramPlace, files: readonly SourceFile[]): Span | undefined {
  const file = files.find((candidate) => candidate.name === place.file);
  if (file === undefined) return undefined;
  const start = offsetOf(file, place.start);
  const end = offsetOf(file, place.end);
  // Frontends name whole lines.
  return span(file, start, end > start ? end : lineEnd(file, start));
}

/** Files that frontends read and told of, such as a Dockerfile, but for those of the program. */
export function frontendFiles(graph: SolvedGraph, files: readonly SourceFile[]): readonly SourceFile[] {
  const found = new Map<string, SourceFile>();
  for (const { filename, data } of graph.definitions.flatMap(({ definition }) => definition.source?.infos ?? [])) {
    if (found.has(filename) || files.some(({ name }) => name === filename)) continue;
    found.set(filename, sourceFile(filename, Buffer.from(data).toString('utf8')));
  }
  return [...found.values()];
}

function lineEnd({ text }: SourceFile, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
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
