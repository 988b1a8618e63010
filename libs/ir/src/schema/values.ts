import type { Span } from '@hlb/diagnostics';
import type { OpId, Origin, Text } from '../ops.js';

/** Attributes read as what they may be at run time: ops can come from passes that no compiler has checked. */
export type Attributed = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Attributed {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

export function isOpId(value: unknown): value is OpId {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isText(value: unknown): value is Text {
  return isRecord(value) && (typeof value.text === 'string' || isOpId(value.text));
}

export function isSpan(value: unknown): value is Span {
  return (
    isRecord(value) &&
    typeof value.start === 'number' &&
    typeof value.end === 'number' &&
    isRecord(value.file) &&
    typeof value.file.name === 'string' &&
    typeof value.file.text === 'string' &&
    typeof value.file.position === 'function'
  );
}

/** Whether it is a call; those around it are not looked at. */
export function isOrigin(value: unknown): value is Origin {
  return isRecord(value) && isSpan(value.span) && (value.caller === undefined || isRecord(value.caller));
}
