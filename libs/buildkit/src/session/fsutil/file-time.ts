const SECOND = 1_000_000_000n;

/**
 * A time for Node's `utimes` family, which takes seconds as a double and, up to libuv 1.4x, cuts them to microseconds: whole seconds
 * arrive exactly, others within a microsecond. Numbers below 0 would be taken for "now", a `Date` is not.
 *
 * @param nanoseconds since 1970
 */
export function fileTime(nanoseconds: bigint): number | Date {
  if (nanoseconds < 0n) return new Date(Number(nanoseconds / 1_000_000n));
  const rest = Number(nanoseconds % SECOND);
  const seconds = Number(nanoseconds / SECOND);
  // A double of today's seconds is 120 ns off at most: without the extra, exact microseconds would be cut to those before them.
  return rest === 0 ? seconds : seconds + Math.min(rest + 150, 999_999_700) / 1e9;
}
