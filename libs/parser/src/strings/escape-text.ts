import { readEscape } from '@hlb/lexer';
import type { EscapeFragment } from '../ast.js';

/**
 * The text that an escape stands for. In a `"…"` string all of them stand for a character (the lexer has reported those that
 * do not; they stay as written). In a heredoc only `\$` does, and every other keeps its backslash.
 */
export function escapeText(fragment: EscapeFragment, context: 'string' | 'heredoc'): string {
  if (context === 'heredoc') return fragment.text === '\\$' ? '$' : fragment.text;
  const reading = readEscape(fragment.text);
  return 'text' in reading ? reading.text : fragment.text;
}
