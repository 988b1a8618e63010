import { TokenKind } from '@hlb/lexer';
import type { Parser } from './state/parser.js';

/**
 * Which `{` most likely lacks its `}`, where the one with the number `open` is the one that is left open: a block in it whose `}`
 * begins a line that is indented less than the line of its `{` was hardly meant to be closed by that.
 */
export function likelyOpener(p: Parser, open: number): number {
  const openers: number[] = [];
  for (let at = open; at < p.at; at++) {
    switch (p.kindAhead(at - p.at)) {
      case TokenKind.braceOpen:
        openers.push(at);
        break;
      case TokenKind.braceClose: {
        const opener = openers.pop();
        if (opener !== undefined && isOutdented(p, p.startOf(opener), p.startOf(at))) return opener;
        break;
      }
      default:
    }
  }
  return open;
}

/** Whether a closer begins a line that is indented less than the opener's. */
function isOutdented(p: Parser, opener: number, closer: number): boolean {
  const indent = indentBefore(p.file.text, closer);
  if (indent === undefined) return false;
  const { text } = p.file;
  const line = p.file.lineStarts()[p.file.position(opener).line - 1] ?? 0;
  for (let at = line; at <= line + indent; at++) if (text[at] !== ' ' && text[at] !== '\t') return false;
  return true;
}

/** How many blanks stand before an offset, if nothing else does on its line. */
function indentBefore(text: string, offset: number): number | undefined {
  let at = offset - 1;
  while (text[at] === ' ' || text[at] === '\t') at--;
  return at === -1 || text[at] === '\n' ? offset - 1 - at : undefined;
}
