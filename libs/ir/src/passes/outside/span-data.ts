import { type SourceFile, span } from '@hlb/diagnostics';
import { isList, isRecord, isSpan } from '../../schema/values.js';

/** The key of an object that stands for a span: file's place in a list, start and end. */
const spanKey = '$span';

/** The value with data for each span in it, so that it can cross into another thread. Throws a `RangeError` for other files. */
export function encodeSpans(value: unknown, files: readonly SourceFile[]): unknown {
  if (isSpan(value)) {
    const index = files.indexOf(value.file);
    if (index === -1) throw new RangeError(`a place is in ${value.file.name}, which is no file of the module`);
    return { [spanKey]: [index, value.start, value.end] };
  }
  return mapParts(value, (part) => encodeSpans(part, files));
}

/** The value with spans again. */
export function decodeSpans(value: unknown, files: readonly SourceFile[]): unknown {
  const data = isRecord(value) ? value[spanKey] : undefined;
  if (isList(data)) {
    const [index, start, end] = data;
    const file = typeof index === 'number' ? files[index] : undefined;
    if (file !== undefined && typeof start === 'number' && typeof end === 'number') return span(file, start, end);
  }
  return mapParts(value, (part) => decodeSpans(part, files));
}

function mapParts(value: unknown, f: (part: unknown) => unknown): unknown {
  if (isList(value)) return value.map(f);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, f(part)]));
  return value;
}
