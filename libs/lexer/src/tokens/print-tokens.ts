import type { SourceFile } from '@hlb/diagnostics';
import { tokenKindName } from './token-kind.js';
import type { TokenList } from './token-list.js';

/** A token as an object, for readers; a compiler reads the arrays. */
export interface Token {
  /** Kebab-case: `string-open`. */
  readonly kind: string;
  /** UTF-16 offsets, half-open. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The tokens one by one, as objects. */
export function* readTokens(file: SourceFile, tokens: TokenList): Generator<Token> {
  for (let at = 0; at < tokens.count; at++) {
    const start = tokens.starts[at] ?? 0;
    const end = tokens.ends[at] ?? 0;
    yield { kind: tokenKindName(tokens.kinds[at] ?? 0), start, end, text: file.text.slice(start, end) };
  }
}

/** The tokens as text, a line each: `LINE:COLUMN KIND TEXT`, the text as a JSON string; without text where there is none. */
export function printTokens(file: SourceFile, tokens: TokenList): string {
  const lines: string[] = [];
  for (const token of readTokens(file, tokens)) {
    const { line, column } = file.position(token.start);
    lines.push(`${line}:${column} ${token.kind}${token.text === '' ? '' : ` ${JSON.stringify(token.text)}`}\n`);
  }
  return lines.join('');
}
