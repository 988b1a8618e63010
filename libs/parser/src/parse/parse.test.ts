import { sourceFile } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { parse, printAst } from '../index.js';

function tree(text: string): string {
  const { module, diagnostics } = parse(sourceFile('a.hlb', text));
  expect(diagnostics).toEqual([]);
  return printAst(module);
}

/** The tree of the one statement of a function, without places. */
function statement(text: string): string[] {
  const lines = tree(`fs f() {\n${text}\n}`).split('\n');
  const start = lines.findIndex((line) => line.startsWith('      newline') || line.startsWith('    block')) + 2;
  return lines
    .slice(start)
    .filter((line) => !/^ {0,6}newline/.test(line) && line !== '')
    .map((line) => line.slice(6).replace(/ \d+:\d+-\d+:\d+/, ''));
}

test('a whole module, with places', () => {
  expect(
    tree(`import kit from "./kit" # where
export default
fs default(string a, variadic int b) binds (fs out) {
	kit.base a
	run "x" with option {
		mount scratch "/m" as m
	} as (target t); a
}
`),
  ).toBe(`module 1:1-9:1
  import 1:1-1:24
    ident 1:8-1:11 kit
    string 1:17-1:24
      text 1:18-1:23 "./kit"
  comment 1:25-1:32 "# where"
  newline 1:32-2:1
  export 2:1-2:15
    ident 2:8-2:15 default
  newline 2:15-3:1
  func 3:1-8:2
    type 3:1-3:3 fs
    ident 3:4-3:11 default
    fields 3:11-3:37
      field 3:12-3:20
        type 3:12-3:18 string
        ident 3:19-3:20 a
      field 3:22-3:36 variadic
        type 3:31-3:34 int
        ident 3:35-3:36 b
    fields 3:44-3:52
      field 3:45-3:51
        type 3:45-3:47 fs
        ident 3:48-3:51 out
    block 3:53-8:2
      newline 3:54-4:1
      call-stmt 4:2-4:12
        ident-expr 4:2-4:10
          ident 4:2-4:5 kit
          ident 4:6-4:10 base
        call 4:11-4:12
          ident-expr 4:11-4:12
            ident 4:11-4:12 a
      newline 4:12-5:1
      call-stmt 5:2-7:17
        ident-expr 5:2-5:5
          ident 5:2-5:5 run
        string 5:6-5:9
          text 5:7-5:8 "x"
        with 5:10-7:3
          func-lit 5:15-7:3
            type 5:15-5:21 option
            block 5:22-7:3
              newline 5:23-6:1
              call-stmt 6:3-6:26
                ident-expr 6:3-6:8
                  ident 6:3-6:8 mount
                call 6:9-6:16
                  ident-expr 6:9-6:16
                    ident 6:9-6:16 scratch
                string 6:17-6:21
                  text 6:18-6:20 "/m"
                bind 6:22-6:26
                  ident 6:25-6:26 m
              newline 6:26-7:1
        bind 7:4-7:17
          bind-list 7:7-7:17
            bind-item 7:8-7:16
              ident 7:8-7:14 target
              ident 7:15-7:16 t
      call-stmt 7:19-7:20
        ident-expr 7:19-7:20
          ident 7:19-7:20 a
      newline 7:20-8:1
  newline 8:2-9:1
`);
});

describe('statements', () => {
  test('without a terminator go on: what follows are arguments', () => {
    expect(statement('image "a" run "b"')).toEqual([
      'call-stmt',
      '  ident-expr',
      '    ident image',
      '  string',
      '    text "a"',
      '  call',
      '    ident-expr',
      '      ident run',
      '  string',
      '    text "b"',
    ]);
  });

  test('behind an option, a literal is a statement of its own', () => {
    expect(statement('a with b "c"')).toEqual([
      'call-stmt',
      '  ident-expr',
      '    ident a',
      '  with',
      '    call',
      '      ident-expr',
      '        ident b',
      'expr-stmt',
      '  string',
      '    text "c"',
    ]);
  });

  test('`as` has a name, a list, an empty list or nothing', () => {
    expect(statement('a as b').slice(3)).toEqual(['  bind', '    ident b']);
    expect(statement('a as (b c)').slice(3)).toEqual([
      '  bind',
      '    bind-list',
      '      bind-item',
      '        ident b',
      '        ident c',
    ]);
    expect(statement('a as ()').slice(3)).toEqual(['  bind', '    bind-list']);
    expect(statement('a as').slice(3)).toEqual(['  bind']);
  });

  test('literals keep what they are', () => {
    expect(statement('a 12 0o17 0b11 0xff true false').slice(3)).toEqual([
      '  int 12 base 10',
      '  int 15 base 8',
      '  int 3 base 2',
      '  int 255 base 16',
      '  bool true',
      '  bool false',
    ]);
    expect(statement('a `` `x\\n` <<~`E` y E').slice(3)).toEqual([
      '  raw-string ""',
      '  raw-string "x\\\\n"',
      '  raw-heredoc fold E " y "',
    ]);
    expect(statement('a "x\\n${b}" <<-E ${c("d")} \\$ E').slice(3)).toEqual([
      '  string',
      '    text "x"',
      '    escape "\\\\n"',
      '    interpolation',
      '      call',
      '        ident-expr',
      '          ident b',
      '  heredoc dedent E',
      '    text " "',
      '    interpolation',
      '      call',
      '        ident-expr',
      '          ident c',
      '        args',
      '          string',
      '            text "d"',
      '    text " "',
      '    escape "\\\\$"',
      '    text " "',
    ]);
  });

  test('in parentheses, commas and newlines have no effect', () => {
    const without = statement('a b("c" "d")').filter((line) => !/newline|comment/.test(line));
    for (const text of [
      'a b("c", "d")',
      'a b("c" "d",)',
      'a b(\n"c",\n"d"\n)',
      'a b("c" # e\n, "d")'.replace('\n,', '\n'),
    ]) {
      expect(statement(text).filter((line) => !/newline|comment/.test(line))).toEqual(without);
    }
  });

  test('parentheses may stand behind a blank, and newlines and comments anywhere in them', () => {
    expect(statement('copy foo ("a") "/b"').slice(3, 9)).toEqual([
      '  call',
      '    ident-expr',
      '      ident foo',
      '    args',
      '      string',
      '        text "a"',
    ]);
    expect(statement('a b( # c\n\n)').slice(6)).toEqual([
      '    args',
      '      comment "# c"',
      '      newline',
      '      newline',
    ]);
  });
});

describe('declarations', () => {
  test.each([
    ['several on a line', 'import a "x" export b fs f() {} fs g()', 'import export func func'],
    ['no body', 'fs f()\nfs g()\n', 'func newline func newline'],
    ['`binds` as a kind', 'fs f()\nbinds g()\n', 'func newline func newline'],
    ['`from` as a name', 'import from from from\n', 'import newline'],
    ['`variadic` as a kind', 'fs f(variadic variadic a)', 'func'],
    ['a numeral as a name', '0x 0755()', 'func'],
    ['an import of a block', 'import a from fs { b; }', 'import'],
    ['nothing', '', ''],
    ['comments', '# a\n\n#b', 'comment newline newline comment'],
  ])('%s', (_, text, kinds) => {
    const { module, diagnostics } = parse(sourceFile('a.hlb', text));
    expect(diagnostics).toEqual([]);
    expect(module.decls.map((decl) => decl.kind).join(' ')).toBe(kinds);
  });

  test('carriage returns are blanks', () => {
    expect(parse(sourceFile('a.hlb', 'fs f() {\r\n\ta\r\n}\r\n')).diagnostics).toEqual([]);
  });
});
