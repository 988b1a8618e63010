const ESCAPE = '\u001b';
/** Sequences that only colour text (`ESC [ … m`). */
const COLORS = new RegExp(`${ESCAPE}\\[[0-9;:]*m`, 'g');
/** C0 controls but tab, DEL and C1 controls, marks that turn the direction of text, and what some terminals take for a line's end. */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
/** Most text has nothing of it. */
const PLAIN = /^[\t\u0020-\u007e]*$/;

/**
 * Text from outside as it may stand on a terminal: colours are dropped, tabs stay, and every other control character is shown
 * by its picture (`␛`) instead of being obeyed.
 */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(COLORS, '')
    .replace(CONTROLS, (character) => (character === '\t' ? character : picture(character)));
}

/** The same for a text of several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}

/** A line that a program drew over itself with carriage returns: what stood there last. */
export function lastDrawn(line: string): string {
  const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
