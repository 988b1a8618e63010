/**
 * The kinds of tokens, as the small numbers that a token list holds. The names are what `hlb dump --stage tokens` prints.
 *
 * Blanks between tokens (tabs, spaces, carriage returns) are no tokens. Literals are taken apart: a string is `stringOpen`,
 * its `text`, `escape` and interpolation tokens, `stringClose`. The closers of a literal that the file does not close
 * are there too, empty.
 */
export const TokenKind = {
  /** One, at the end of each list. */
  eof: 0,
  newline: 1,
  /** From `#` to the end of the line, the newline excluded. */
  comment: 2,
  ident: 3,
  /** The keywords; after a dot they are identifiers. */
  import: 4,
  export: 5,
  with: 6,
  as: 7,
  /** `0` or digits without a leading zero; at most 2^63 − 1. */
  decimal: 8,
  /** `0b…`, `0o…`, `0x…`; digits of that base, at most 2^63 − 1. */
  numeric: 9,
  bool: 10,
  braceOpen: 11,
  braceClose: 12,
  parenOpen: 13,
  parenClose: 14,
  comma: 15,
  semicolon: 16,
  dot: 17,
  stringOpen: 18,
  stringClose: 19,
  rawOpen: 20,
  rawClose: 21,
  /** `<<EOM`, `<<-EOM`, `<<~EOM`. */
  heredocOpen: 22,
  /** The delimiter. */
  heredocClose: 23,
  /** ``<<`EOM` `` and its forms. */
  rawHeredocOpen: 24,
  rawHeredocClose: 25,
  /** What stands in a literal verbatim; neighbouring texts are one token. */
  text: 26,
  /** In strings every escape, in heredocs `\$` alone (any other is text there). */
  escape: 27,
  /** `${`. */
  interpolationOpen: 28,
  interpolationClose: 29,
  /** Input that no rule takes; a diagnostic was reported for it. */
  bad: 30,
} as const;

/** One of the numbers of `TokenKind`. */
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

const names: readonly string[] = Object.keys(TokenKind).map((name) =>
  name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
);

/** The name of a kind, in kebab-case. */
export function tokenKindName(kind: number): string {
  return names[kind] ?? 'unknown';
}
