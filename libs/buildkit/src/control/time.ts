import type { Timestamp } from '@hlb/proto';

/** Milliseconds since 1970, with fractions; `undefined` where the engine gives no time. */
export function milliseconds(time: Timestamp | undefined): number | undefined {
  if (time === undefined) return undefined;
  return Number(time.seconds) * 1000 + time.nanos / 1e6;
}
