export { heredocDelimiter } from './heredoc-delimiter.js';
export { type LexResult, lex } from './lex.js';
export { MAX_DIAGNOSTICS } from './lexing.js';
export { type NumberBase, type NumberReading, readNumber } from './number.js';
export { printTokens, readTokens, type Token } from './print-tokens.js';
export { type EscapeReading, readEscape } from './string-escape.js';
export { TokenKind, tokenKindName } from './token-kind.js';
export type { TokenList } from './token-list.js';
