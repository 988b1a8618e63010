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
  if (rest === 0) return seconds;
  // A double of so many seconds is off by up to 120 ns, from 2038 on by 240: closer to a full microsecond than that, it could be cut to
  // the one before, or count as the one after.
  const margin = seconds < 2 ** 31 ? 150 : 300;
  const microsecond = rest - (rest % 1000);
  return seconds + Math.min(Math.max(rest, microsecond + margin), microsecond + 1000 - margin) / 1e9;
}
