const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-](\d\d):(\d\d))$/;

/** What is wrong with a time as RFC 3339 writes it. `undefined` if nothing is. */
export function timeProblem(text: string): string | undefined {
  const parts = RFC_3339.exec(text);
  if (parts === null) return 'it must be written like `2024-05-31T12:00:00Z`';
  const [, year, month, day, hour, minute, second, , zoneHour, zoneMinute] = parts.map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (month < 1 || month > 12) return `there is no month ${month}`;
  if (day < 1 || day > daysOf(year, month)) return `month ${month} of ${year} has no day ${day}`;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return 'it is no time of a day';
  if ((zoneHour ?? 0) > 24 || (zoneMinute ?? 0) > 59) return 'its distance from UTC is too large';
  return undefined;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
