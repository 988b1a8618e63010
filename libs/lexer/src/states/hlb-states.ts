import moo from 'moo';

/**
 * What may stand between braces, and outside of all. In order of rank, as in moo the first rule that matches wins:
 * `import:x` is a keyword and the name `:x`, `0755` is a name.
 * Words of `\w` are ASCII. `bad` takes what no other rule does, with the letters that follow, so that one word is one mistake.
 */
const code: moo.Rules = {
  newline: { match: '\n', lineBreaks: true },
  stringOpen: { match: '"', push: 'string' },
  rawOpen: { match: '`', push: 'raw' },
  braceOpen: { match: '{', push: 'block' },
  parenOpen: '(',
  parenClose: ')',
  comma: ',',
  semicolon: ';',
  import: /import\b/,
  export: /export\b/,
  with: /with\b/,
  as: /as\b/,
  bool: /(?:true|false)\b/,
  numeric: /0[bBoOxX][a-fA-F0-9]+\b/,
  decimal: /(?:0|[1-9][0-9]*)\b/,
  ident: { match: /[\w:]+/, push: 'reference' },
  heredocOpen: { match: /<<[-~]?\w+/, push: 'heredoc' },
  rawHeredocOpen: { match: /<<[-~]?`\w+`/, push: 'rawHeredoc' },
  comment: /#[^\n]*/,
  quoted: /'[^'\n]*'?/,
  negative: /-[0-9][\w:]*/,
  bad: /[^\w:\n"`{}(),;#'<\r\t -]+[\w:]*|[^\n]/,
};

/** White space in heredocs, as the reference has it: ASCII without the vertical tab. */
const space = '\\t\\n\\f\\r ';

/** `\` and the character behind it, which may be a pair of surrogates. */
const escaped = /\\(?:[\ud800-\udbff][\udc00-\udfff]|[^\n])/;

/**
 * The modes of the language as moo's states.
 *
 * - `root`: outside of all braces, where `}` closes nothing. `block` and `interpolation`: inside `{…}` and `${…}`.
 * - `reference`: directly behind a name, where a dot and another name may follow; whatever else comes, `Lexing` leaves it.
 * - `string`, `raw`: the inside of `"…"` and `` `…` ``.
 * - `heredoc`, `rawHeredoc`: the inside of a heredoc. The delimiter ends it wherever a token may start; as a state has no
 *   memory of the delimiter, `Lexing` looks for it before each token.
 */
export function hlbStates(): moo.Lexer {
  return moo.states(
    {
      root: { braceClose: '}', ...code },
      block: { braceClose: { match: '}', pop: 1 }, ...code },
      interpolation: { interpolationClose: { match: '}', pop: 1 }, ...code },
      reference: { dot: '.', ident: /[\w:]+/ },
      string: {
        stringClose: { match: '"', pop: 1 },
        text: { match: /[^"$\\]+/, lineBreaks: true },
        interpolationOpen: { match: '${', push: 'interpolation' },
        lone: '$',
        escape: [/\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\[0-7]{3}/, escaped],
        badEscape: '\\',
      },
      raw: {
        rawClose: { match: '`', pop: 1 },
        text: { match: /[^`]+/, lineBreaks: true },
      },
      heredoc: {
        text: [
          { match: new RegExp(`[${space}]+`), lineBreaks: true },
          { match: new RegExp(`[^${space}$\\\\][^${space}$]*`), lineBreaks: true },
        ],
        interpolationOpen: { match: '${', push: 'interpolation' },
        escape: '\\$',
        heredocEscape: escaped,
        lone: { match: /\$|\\/ },
      },
      rawHeredoc: {
        text: [
          { match: new RegExp(`[${space}]+`), lineBreaks: true },
          { match: new RegExp(`[^${space}]+`), lineBreaks: true },
        ],
      },
    },
    'root',
  );
}
