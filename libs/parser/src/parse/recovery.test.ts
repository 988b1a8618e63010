import { sourceFile } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { type Module, parse, print } from '../index.js';

/** What is reported, as `LINE:COLUMN CODE`, then the other places. */
function reported(text: string): string[] {
  const file = sourceFile('a.hlb', text);
  return parse(file).diagnostics.map((found) => {
    const [primary, ...others] = found.labels.map(({ span }) => {
      const { line, column } = file.position(span.start);
      return `${line}:${column}`;
    });
    return [primary, found.code, ...others].join(' ');
  });
}

function moduleOf(text: string): Module {
  return parse(sourceFile('a.hlb', text)).module;
}

/** Names of the functions that were understood, with the number of their statements. */
function functions(text: string): string[] {
  return moduleOf(text).decls.flatMap((decl) => {
    if (decl.kind !== 'func') return [];
    const statements = decl.body?.items.filter((item) => item.kind === 'call-stmt' || item.kind === 'expr-stmt');
    return [`${decl.name.text} ${statements?.length ?? '-'}`];
  });
}

describe('one mistake gives one diagnostic, and what follows is read', () => {
  const rest = '\nfs g() {\n\timage "a"\n\trun "b"\n}\n';

  test.each([
    ['no brace at the end of a function', 'fs f() {\n\ta\n', ['4:8 HLB0204 4:1 1:8'], ['f 1', 'g 2']],
    [
      'no brace at the end of a block in it',
      'fs f() {\n\trun "x" with option {\n\t\ta\n}\n',
      ['6:8 HLB0204 6:1 2:22'],
      ['f 1', 'g 2'],
    ],
    [
      'no brace at the end of a block, whose `}` is that of the function by its indent',
      'fs f() {\n\tcopy fs { a; } "/" "/"\n\tcopy fs {\n\t\tcopy fs {\n\t\t\ta\n\t\t} "/" "/"\n\t"/"\n}\n',
      ['10:8 HLB0204 10:1 3:10'],
      ['f 2', 'g 2'],
    ],
    [
      'no brace, and no indents that tell where',
      'fs f() {\nrun "x" with option {\na\n}\n',
      ['6:8 HLB0204 6:1 1:8'],
      ['f 1', 'g 2'],
    ],
    ['a brace too many', 'fs f() {\n\ta\n}\n}\n', ['4:1 HLB0206'], ['f 1', 'g 2']],
    ['a brace too early', 'fs f() {\n\ta }\n\tb "x"\n}\n', ['3:4 HLB0203'], ['f 1', 'g 2']],
    ['no parenthesis at the end of parameters', 'fs f(string a {\n\ta\n}\n', ['1:15 HLB0205 1:5'], ['f 1', 'g 2']],
    [
      'no parenthesis at the end of arguments',
      'fs f() {\n\tcopy a("x" "/"\n\tb\n}\n',
      ['4:1 HLB0205 2:8'],
      ['f 1', 'g 2'],
    ],
    ['no parenthesis and an option', 'fs f() {\n\tcopy a("x" with b\n\tc\n}\n', ['2:13 HLB0205 2:8'], ['f 2', 'g 2']],
    ['parentheses in a statement', 'fs f() {\n\ta("x", "y")\n\tb\n}\n', ['2:3 HLB0207'], ['f 2', 'g 2']],
    ['commas in a statement', 'fs f() {\n\ta "x", "y", "z"\n\tb\n}\n', ['2:7 HLB0214'], ['f 2', 'g 2']],
    ['two commas', 'fs f() {\n\ta b("x",, "y")\n}\n', ['2:10 HLB0214'], ['f 1', 'g 2']],
    ['a comma first', 'fs f() {\n\ta b(, "y")\n}\n', ['2:6 HLB0214'], ['f 1', 'g 2']],
    ['a comma on the next line', 'fs f() {\n\ta b("x"\n, "y")\n}\n', ['3:1 HLB0214'], ['f 1', 'g 2']],
    ['a block as a statement', 'fs f() {\n\tfs {\n\t\ta\n\t}\n\tb\n}\n', ['2:5 HLB0208'], ['f 2', 'g 2']],
    ['a block without a kind', 'fs f() {\n\ta { b; } "x"\n\tb\n}\n', ['2:4 HLB0218'], ['f 2', 'g 2']],
    ['a block without a kind in arguments', 'fs f() {\n\ta b({ c; }, "x")\n\tb\n}\n', ['2:6 HLB0218'], ['f 2', 'g 2']],
    ['a brace on the next line', 'fs f()\n{\n\ta\n}\n', ['2:1 HLB0209 1:1'], ['f 1', 'g 2']],
    ['an option on the next line', 'fs f() {\n\ta\n\t\twith b\n\tc\n}\n', ['3:3 HLB0210'], ['f 2', 'g 2']],
    ['a bind on the next line', 'fs f() {\n\ta\n\t\tas b\n\tc\n}\n', ['3:3 HLB0210'], ['f 2', 'g 2']],
    ['the option behind the bind', 'fs f() {\n\ta as b with c\n\td\n}\n', ['2:9 HLB0201'], ['f 2', 'g 2']],
    ['two semicolons', 'fs f() { a;; b }\n', ['1:12 HLB0215'], ['f 2', 'g 2']],
    ['a name with two dots', 'fs f() {\n\ta.b.c "x"\n\tb\n}\n', ['2:5 HLB0216'], ['f 2', 'g 2']],
    ['a dot without a name', 'fs f() {\n\ta. "x"\n\tb\n}\n', ['2:5 HLB0203'], ['f 2', 'g 2']],
    ['an empty interpolation', 'fs f() {\n\ta "${ }"\n\tb\n}\n', ['2:5 HLB0211'], ['f 2', 'g 2']],
    ['two expressions in an interpolation', 'fs f() {\n\ta "${b "c"}"\n\tb\n}\n', ['2:9 HLB0212 2:5'], ['f 2', 'g 2']],
    ['a newline in an interpolation', 'fs f() {\n\ta "${b\n}"\n\tb\n}\n', ['2:8 HLB0212 2:5'], ['f 2', 'g 2']],
    ['no kind of a function', 'f() {\n\ta\n}\n', ['1:2 HLB0219'], ['f 1', 'g 2']],
    ['no parameters', 'fs f {\n\ta\n}\n', ['1:6 HLB0201'], ['f 1', 'g 2']],
    ['no name', 'fs () {\n\ta\n}\n', ['1:4 HLB0219'], ['fs 1', 'g 2']],
    ['a keyword as a name', 'fs with() {\n\ta\n}\n', ['1:4 HLB0203'], ['with 1', 'g 2']],
    ['a keyword as a parameter', 'fs f(string as) {\n\ta\n}\n', ['1:13 HLB0203'], ['f 1', 'g 2']],
    ['no name of a parameter', 'fs f(string) {\n\ta\n}\n', ['1:12 HLB0203'], ['f 1', 'g 2']],
    ['no kind of a variadic parameter', 'fs f(variadic) {\n\ta\n}\n', ['1:14 HLB0201'], ['f 1', 'g 2']],
    ['a value as a parameter', 'fs f("a", string b) {\n\ta\n}\n', ['1:6 HLB0201'], ['f 1', 'g 2']],
    ['an import without a source', 'import a\n', ['1:9 HLB0213'], ['g 2']],
    ['an import without a name', 'import from "x"\n', [], ['g 2']],
    ['an import of nothing', 'import a from\n', ['1:14 HLB0201'], ['g 2']],
    ['an export of nothing', 'export\n', ['1:7 HLB0203'], ['g 2']],
    ['a statement outside of functions', 'run "x"\n', ['1:5 HLB0203'], ['g 2']],
    ['statements outside of functions', 'run "x"\nimage "y"\n\tcopy a(b) "c"\n', ['1:5 HLB0203'], ['g 2']],
    ['a block outside of functions', '{\n\ta\n\tb\n}\n', ['1:1 HLB0202'], ['g 2']],
    ['a bad character', 'fs f() {\n\ta = "x"\n\tb\n}\n', ['2:4 HLB0101'], ['f 2', 'g 2']],
    ['a bad character in a signature', 'fs größe(string a) {\n\ta\n}\n', ['1:6 HLB0101'], ['gr 1', 'g 2']],
    ['a number with a bad digit', 'fs f() {\n\ta 0o8\n\tb\n}\n', ['2:4 HLB0109'], ['f 2', 'g 2']],
    ['a missing quote', 'fs f() {\n\timage "x\n\trun "y"\n}\n', ['3:6 HLB0104 2:8'], ['f 2', 'g 2']],
  ])('%s', (_, text, diagnostics, names) => {
    const known = reported(text + rest).map((found) => found.split(' '));
    // The places of an unclosed string depend on what follows it.
    if (diagnostics[0]?.includes('HLB0104')) expect(known.map((found) => found[1])).toEqual(['HLB0104']);
    else expect(known.map((found) => found.join(' '))).toEqual(diagnostics);
    expect(functions(text + rest)).toEqual(names);
  });

  test('mistakes on different lines are all reported', () => {
    expect(reported('fs f() {\n\ta("x")\n\tb "y", "z"\n\tc\n\t\twith d\n}\n\nfs g {\n}\n}\n')).toEqual([
      '2:3 HLB0207',
      '3:7 HLB0214',
      '5:3 HLB0210',
      '8:6 HLB0201',
      '10:1 HLB0206',
    ]);
  });
});

describe('mends', () => {
  function mended(text: string): string {
    const file = sourceFile('a.hlb', text);
    const edits = parse(file).diagnostics.flatMap((found) => found.fixes.flatMap((fix) => fix.edits));
    let result = text;
    for (const { span, text: by } of edits.toReversed())
      result = result.slice(0, span.start) + by + result.slice(span.end);
    return result;
  }

  test.each([
    ['fs f() {\n\ta("x", b(c))\n}\n', 'fs f() {\n\ta "x" b(c)\n}\n'],
    ['fs f() {\n\ta()\n}\n', 'fs f() {\n\ta\n}\n'],
    ['fs f() {\n\ta "x", "y"\n}\n', 'fs f() {\n\ta "x" "y"\n}\n'],
    ['fs f() { a;; b }\n', 'fs f() { a; b }\n'],
    ["fs f() { a 'x' }\n", 'fs f() { a "x" }\n'],
    ['fs f() { a "it\\\'s" }\n', 'fs f() { a "it\'s" }\n'],
  ])('%j', (text, expected) => {
    expect(mended(text)).toBe(expected);
    expect(reported(expected)).toEqual([]);
  });
});

test('what is not understood prints as it was written', () => {
  const text = 'fs f() {\n\ta\n}\n\n= what "is" { this }\n\nfs g() {\n\tb\n\twith c\n\td\n}\n';
  expect(reported(text)).toEqual(['5:1 HLB0101', '9:2 HLB0210']);
  expect(print(moduleOf(text))).toBe(text);
});
