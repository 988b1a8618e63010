/** This host's time, in milliseconds since 1970 with fractions. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
