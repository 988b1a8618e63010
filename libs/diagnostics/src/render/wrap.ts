import { columnsOf } from './source-line.js';

/**
 * Breaks a text into lines of at most `width` columns, at blanks; the first line may be shorter by `indent`. A word that is
 * longer than a line stays whole, unless it is longer than `width` alone can bear: then it is cut.
 */
export function wrap(text: string, width: number): readonly string[] {
  const room = Math.max(8, width);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = columnsOf(word);
    if (line !== '' && used + 1 + size <= room) {
      line += ` ${word}`;
      used += 1 + size;
      continue;
    }
    if (line !== '') lines.push(line);
    if (size <= room) {
      line = word;
      used = size;
      continue;
    }
    const pieces = cut(word, room);
    line = pieces.pop() ?? '';
    used = columnsOf(line);
    lines.push(...pieces);
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

function cut(word: string, room: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const size = columnsOf(character);
    if (used + size > room) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += size;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}
