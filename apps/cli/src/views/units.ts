/** A duration as people read it: `0.2s`, `12.3s`, `2m05s`, `1h02m`. */
export function seconds(milliseconds: number): string {
  const all = milliseconds / 1000;
  if (all < 99.95) return `${all.toFixed(1)}s`;
  const whole = Math.round(all);
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

/** A size in decimal units, as BuildKit shows them: `512B`, `1.2kB`, `300MB`. */
export function bytes(count: number | bigint): string {
  let value = Number(count);
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 999.5) return `${unit === 'B' || value >= 99.95 ? Math.round(value) : trimmed(value)}${unit}`;
    value /= 1000;
  }
  return `${trimmed(value)}TB`;
}

/** A speed: `1.2MB/s`. */
export function speed(perSecond: number): string {
  return `${bytes(perSecond)}/s`;
}

/** A number with its noun: `1 file`, `20,000 files`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A whole number with commas. Not by `toLocaleString`, whose tables take 10 ms to load. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function trimmed(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1).replace(/\.?0+$/, '');
}
