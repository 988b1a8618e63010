import { type SourceFile, type Span, span } from '@hlb/diagnostics';
import type { ProgramPlace } from '@hlb/runtime';

/** The engine's place in a file of this program; `undefined` for a file that isn't known here. */
export function placeSpan(place: ProgramPlace, files: readonly SourceFile[]): Span | undefined {
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
