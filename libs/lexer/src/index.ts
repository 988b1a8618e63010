export { type LexResult, lex } from './lex.js';
export { MAX_DIAGNOSTICS } from './lexing.js';
export { heredocDelimiter } from './literals/heredoc-delimiter.js';
export { type NumberBase, type NumberReading, readNumber } from './literals/number.js';
export { type EscapeReading, readEscape } from './literals/string-escape.js';
export { printTokens, readTokens, type Token } from './tokens/print-tokens.js';
export { TokenKind, tokenKindName } from './tokens/token-kind.js';
export type { TokenList } from './tokens/token-list.js';
