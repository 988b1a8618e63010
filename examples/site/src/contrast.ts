/** A colour's parts, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** Reads `#rrggbb`. */
export function parseColor(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** The contrast of two colours, 1 to 21, after WCAG 2. */
export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** What a contrast is enough for. */
export function verdict(ratio: number): string {
  if (ratio >= 7) return 'any text, also for weak eyes (AAA)';
  if (ratio >= 4.5) return 'any text (AA)';
  if (ratio >= 3) return 'large text and pictures only';
  return 'nothing that must be read';
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
