import type { DiagnosticRow } from '../registry.js';

/** What lexer (HLB01xx) and parser (HLB02xx) report. */
export const syntaxRows: readonly DiagnosticRow[] = [
  {
    code: 'HLB0101',
    title: 'Unexpected character',
    explanation:
      'Outside of strings and comments a program holds names, numbers, strings, braces, parentheses, commas, semicolons and comments. Anything else, such as `=` or a letter beyond ASCII, starts no part of the language. A path or an address is a string and needs its quotes.',
    wrong: 'fs default() {\n\timage alpine/git\n}\n',
    right: 'fs default() {\n\timage "alpine/git"\n}\n',
  },
  {
    code: 'HLB0102',
    title: 'String in single quotes',
    explanation: 'Strings stand in double quotes, or in backticks, where nothing is escaped or interpolated.',
    wrong: "fs default() {\n\timage 'alpine'\n}\n",
    right: 'fs default() {\n\timage "alpine"\n}\n',
  },
  {
    code: 'HLB0103',
    title: 'Negative number',
    explanation: 'Numbers are 0 or larger: there is no sign.',
    wrong: 'fs default() {\n\tscratch\n\tmkdir "/a" -1\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkdir "/a" 0o755\n}\n',
  },
  {
    code: 'HLB0104',
    title: 'Literal that is not closed',
    explanation:
      'The file ends inside of a string, raw string or heredoc. Strings may go over several lines, so that a missing quote is noticed only later; the second place is where the literal that lacks its end most likely starts. A heredoc ends where its delimiter stands as a word of its own.',
    wrong: 'fs default() {\n\timage "alpine\n}\n',
    right: 'fs default() {\n\timage "alpine"\n}\n',
  },
  {
    code: 'HLB0105',
    title: 'Interpolation that is not closed',
    explanation:
      'A `$` and `{` in a string or heredoc start an interpolation, which ends at its `}`. Write `\\$` where the text is meant.',
    wrong: 'fs default() {\n\timage "alpine:${localArch"\n}\n',
    right: 'fs default() {\n\timage "alpine:${localArch}"\n}\n',
  },
  {
    code: 'HLB0106',
    title: 'Unknown escape',
    explanation:
      'In a string a backslash starts an escape: `\\a \\b \\f \\n \\r \\t \\v \\\\ \\" \\$`, `\\xHH` and `\\OOO` for ASCII characters, `\\uHHHH` and `\\UHHHHHHHH` for any. A backslash itself is `\\\\`; raw strings, in backticks, have no escapes.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "grep \\d+ /etc/passwd"\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "grep \\\\d+ /etc/passwd"\n}\n',
  },
  {
    code: 'HLB0107',
    title: 'Escape that is no character',
    explanation:
      'Strings are text: `\\xHH` and `\\OOO` go up to 0x7f, beyond which a byte alone is no character, and `\\u` and `\\U` stand for Unicode characters, surrogates excluded.',
    wrong: 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 "caf\\xe9"\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkfile "/a" 0o644 "caf\\u00e9"\n}\n',
  },
  {
    code: 'HLB0108',
    title: 'Backslash at the end of a line',
    explanation:
      'In a string a backslash cannot escape a newline. A string may go over several lines without it; a heredoc such as `<<~EOM` joins lines with blanks.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "apk add \\\n\t\tgit"\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun <<~EOM\n\t\tapk add\n\t\tgit\n\tEOM\n}\n',
  },
  {
    code: 'HLB0109',
    title: 'Digit that the base does not have',
    explanation: 'Numbers are decimal, or `0b` with the digits 0 and 1, `0o` with 0 to 7, `0x` with 0 to 9 and a to f.',
    wrong: 'fs default() {\n\tscratch\n\tmkdir "/a" 0o789\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkdir "/a" 0o755\n}\n',
  },
  {
    code: 'HLB0110',
    title: 'Number that is too large',
    explanation: 'Integers have 64 bits and a sign: the largest is 9223372036854775807.',
    wrong: 'fs default() {\n\tscratch\n\tmkdir "/a" 99999999999999999999\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkdir "/a" 493\n}\n',
  },
  {
    code: 'HLB0201',
    title: 'Unexpected part of a program',
    explanation: 'Something stands where the grammar has no place for it. The message says what could stand there.',
    wrong: 'import kit from\n\nfs default() {\n\tscratch\n}\n',
    right: 'import kit from "./kit"\n\nfs default() {\n\tscratch\n}\n',
  },
  {
    code: 'HLB0202',
    title: 'Not a declaration',
    explanation:
      'Outside of all braces a file holds imports, exports, functions and comments. Statements belong in a function.',
    wrong: '"alpine"\n\nfs default() {\n\tscratch\n}\n',
    right: 'fs default() {\n\timage "alpine"\n}\n',
  },
  {
    code: 'HLB0203',
    title: 'Name expected',
    explanation:
      'A name is made of ASCII letters, digits, `_` and `:`. The keywords `import`, `export`, `with`, `as` and the words `true` and `false` cannot be names.',
    wrong: 'fs import() {\n\tscratch\n}\n',
    right: 'fs imported() {\n\tscratch\n}\n',
  },
  {
    code: 'HLB0204',
    title: 'Block that is not closed',
    explanation:
      'Each `{` needs its `}`. It is missed at the end of the file, or where a declaration starts inside of the block; the other place is the `{` that is still open there, or, where the indents tell, the one that was closed by the `}` of another.',
    wrong: 'fs base() {\n\timage "alpine"\n\nfs default() {\n\tbase\n}\n',
    right: 'fs base() {\n\timage "alpine"\n}\n\nfs default() {\n\tbase\n}\n',
  },
  {
    code: 'HLB0205',
    title: 'Parenthesis that is not closed',
    explanation:
      'Each `(` needs its `)`. Inside of it newlines have no meaning, so that the mistake may be some lines before the place where it is noticed.',
    wrong: 'fs default( {\n\tscratch\n}\n',
    right: 'fs default() {\n\tscratch\n}\n',
  },
  {
    code: 'HLB0206',
    title: 'Closing without an opening',
    explanation: 'A `}` or `)` stands where nothing is open. Often a block above it was closed too early.',
    wrong: 'fs default() {\n\tscratch\n}\n}\n',
    right: 'fs default() {\n\tscratch\n}\n',
  },
  {
    code: 'HLB0207',
    title: 'Statement with parentheses',
    explanation:
      'The arguments of a statement follow its name, separated by blanks. Parentheses belong to calls that are themselves an argument, an option or an interpolation.',
    wrong: 'fs default() {\n\timage("alpine")\n}\n',
    right: 'fs default() {\n\timage "alpine"\n}\n',
  },
  {
    code: 'HLB0208',
    title: 'Block as a statement',
    explanation:
      'A block with a kind, such as `fs { … }`, is a value. It can be an argument, but not a statement: write its statements directly.',
    wrong: 'fs default() {\n\tfs {\n\t\tscratch\n\t}\n}\n',
    right: 'fs default() {\n\tscratch\n}\n',
  },
  {
    code: 'HLB0209',
    title: 'Brace on the next line',
    explanation:
      'A function may have no body, so that its signature ends with its line. The `{` of the body stands on that line.',
    wrong: 'fs default()\n{\n\tscratch\n}\n',
    right: 'fs default() {\n\tscratch\n}\n',
  },
  {
    code: 'HLB0210',
    title: 'Clause on the next line',
    explanation: 'A statement ends with its line. `with` and `as` stand on the line where the last argument ends.',
    wrong: 'fs default() {\n\timage "alpine"\n\trun "make"\n\t\twith readonlyRootfs\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\trun "make" with readonlyRootfs\n}\n',
  },
  {
    code: 'HLB0211',
    title: 'Empty interpolation',
    explanation: 'An interpolation holds one expression, whose value takes its place.',
    wrong: 'fs default() {\n\timage "alpine:${}"\n}\n',
    right: 'fs default() {\n\timage "alpine:${localArch}"\n}\n',
  },
  {
    code: 'HLB0212',
    title: 'Interpolation with more than an expression',
    explanation:
      'An interpolation holds one expression and nothing else. The arguments of a call stand in parentheses there.',
    wrong: 'fs default() {\n\timage "alpine:${localEnv "TAG"}"\n}\n',
    right: 'fs default() {\n\timage "alpine:${localEnv("TAG")}"\n}\n',
  },
  {
    code: 'HLB0213',
    title: 'Import without a source',
    explanation: 'An import says where its module comes from: `import NAME from` and a string or a file system.',
    wrong: 'import kit\n\nfs default() {\n\tscratch\n}\n',
    right: 'import kit from "./kit"\n\nfs default() {\n\tscratch\n}\n',
  },
  {
    code: 'HLB0214',
    title: 'Misplaced comma',
    explanation:
      'Inside of parentheses an item may have one comma behind it, on its line. The arguments of a statement are separated by blanks.',
    wrong: 'fs default() {\n\tscratch\n\tmkdir "/a", 0o755\n}\n',
    right: 'fs default() {\n\tscratch\n\tmkdir "/a" 0o755\n}\n',
  },
  {
    code: 'HLB0215',
    title: 'Semicolon that ends nothing',
    explanation: 'A `;` ends a statement. One alone, or a second one, has nothing to end.',
    wrong: 'fs default() { scratch;; }\n',
    right: 'fs default() { scratch; }\n',
  },
  {
    code: 'HLB0216',
    title: 'Name with two dots',
    explanation:
      'A dot leads from an import to a name that its module exports. Imports of that module are not reachable from outside.',
    wrong: 'import kit from "./kit"\n\nfs default() {\n\tkit.inner.base\n}\n',
    right: 'import kit from "./kit"\n\nfs default() {\n\tkit.base\n}\n',
  },
  {
    code: 'HLB0217',
    title: 'Nested too deep',
    explanation:
      'Braces, parentheses and interpolations may nest 256 levels deep, together. What is deeper was not read.',
  },
  {
    code: 'HLB0218',
    title: 'Block without a kind',
    explanation: 'A block that is a value starts with its kind: `fs { … }`, `string { … }`, `option { … }`.',
    wrong: 'fs default() {\n\timage "alpine"\n\tcopy { scratch; } "/" "/"\n}\n',
    right: 'fs default() {\n\timage "alpine"\n\tcopy fs { scratch; } "/" "/"\n}\n',
  },
  {
    code: 'HLB0219',
    title: 'Function without a kind',
    explanation:
      'A function starts with the kind of what it gives: `fs`, `string`, `int`, `bool`, `pipeline` or `option::NAME`.',
    wrong: 'default() {\n\tscratch\n}\n',
    right: 'fs default() {\n\tscratch\n}\n',
  },
];
