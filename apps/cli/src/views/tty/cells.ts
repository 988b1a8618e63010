import stringWidth from 'string-width';

const ASCII = /^[\u0020-\u007e]*$/;
/** Code units that a cell may be made of; more are not looked at, so that a long line costs no more than a wide screen. */
const UNITS_A_CELL = 32;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many cells of a terminal a text without control characters takes. */
export function cells(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/** A text of at most so many cells; where some of it is left out, `more` stands at its end. */
export function cut(text: string, width: number, more = '…'): string {
  if (width <= 0) return '';
  const looked = text.slice(0, width * UNITS_A_CELL);
  if (looked.length === text.length && cells(text) <= width) return text;
  if (ASCII.test(looked)) return `${looked.slice(0, width - 1)}${more}`;
  let shorter = '';
  let used = 0;
  for (const { segment } of graphemes.segment(looked)) {
    const wide = cells(segment);
    if (used + wide > width - 1) break;
    shorter += segment;
    used += wide;
  }
  return `${shorter}${more}`;
}

/** A text of exactly so many cells, filled up with blanks. */
export function filled(text: string, width: number, more?: string): string {
  const shorter = cut(text, width, more);
  return `${shorter}${' '.repeat(Math.max(0, width - cells(shorter)))}`;
}
