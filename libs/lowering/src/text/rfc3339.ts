const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * The Unix nanoseconds of an RFC 3339 time, as Go reads one: seconds up to 59, fractions of any length cut at nanoseconds, offsets
 * up to 24:59. `undefined` for what is none.
 */
export function parseRfc3339(text: string): bigint | undefined {
  const found = pattern.exec(text);
  if (found === null || /[tz]/.test(text)) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offsetHours = Number(found[9] ?? 0);
  const offsetMinutes = Number(found[10] ?? 0);
  if (offsetHours > 24 || offsetMinutes > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const offset = (found[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60;
  const seconds = BigInt(date.getTime() / 1000 - offset);
  const nanoseconds = BigInt((found[7] ?? '').slice(0, 9).padEnd(9, '0'));
  return seconds * 1_000_000_000n + nanoseconds;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
