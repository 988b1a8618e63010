import { sourceFile } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { format, parse, print, printExpression } from '../index.js';

function formatted(text: string): string {
  const result = format(sourceFile('a.hlb', text));
  if (!('text' in result)) throw new Error(result.diagnostics.map((found) => found.message).join('\n'));
  return result.text;
}

/** The body of a function, formatted, without the function and one tab. */
function body(text: string): string {
  const lines = formatted(`fs f() {\n${text}\n}\n`).split('\n').slice(1, -2);
  return lines.map((line) => line.replace(/^\t/, '')).join('\n');
}

describe('modules', () => {
  test.each([
    [
      'one empty line between declarations',
      'import a "x"\nexport b\n\n\n\nfs f()\nfs g() { a } fs h()',
      'import a "x"\n\nexport b\n\nfs f()\n\nfs g() { a }\n\nfs h()\n',
    ],
    ['a comment directly above stays there', 'fs f()\n# g\n# it\nfs g()', 'fs f()\n\n# g\n# it\nfs g()\n'],
    [
      'a comment apart stays apart, by one line',
      'fs f()\n# a\n\n\n# b\n\n\nfs g()',
      'fs f()\n\n# a\n\n# b\n\nfs g()\n',
    ],
    [
      'a comment behind stays behind',
      'fs f()#a\nexport f   # b\n\nfs g()',
      'fs f() #a\n\nexport f # b\n\nfs g()\n'.replace('#a\n\n', '#a\n'),
    ],
    ['no empty lines at start and end', '\n\n# a\n\nfs f()\n\n\n', '# a\n\nfs f()\n'],
    ['nothing', '', '\n'],
    ['only newlines', '\n\n\n', '\n'],
    ['comments keep their text', '#a  \n#\t b\r\n', '#a  \n#\t b\r\n'],
    [
      'imports keep their form',
      'import  a   "x"\nimport b  from   fs{image "y"}',
      'import a "x"\n\nimport b from fs { image "y" }\n',
    ],
    ['a byte order mark goes', '\ufefffs f()', 'fs f()\n'],
    ['carriage returns go', 'fs f() {\r\n\ta\r\n\r\n\tb\r\n}\r\n', 'fs f() {\n\ta\n\n\tb\n}\n'],
  ])('%s', (_, text, expected) => {
    expect(formatted(text)).toBe(expected);
  });
});

describe('lists', () => {
  test.each([
    ['blanks', 'fs  f (string a,int b)binds(fs c){a}', 'fs f(string a, int b) binds (fs c) { a }\n'],
    ['commas are put in', 'fs f(string a variadic int b,)', 'fs f(string a, variadic int b)\n'],
    ['lines', 'fs f(\nstring a, int b\n\n\nfs c)', 'fs f(\n\tstring a, int b,\n\tfs c,\n)\n'],
    ['comments', 'fs f( # a\nstring b # c\n# d\n)', 'fs f(\n\t# a\n\tstring b, # c\n\t# d\n)\n'],
    ['only a newline', 'fs f(\n\n)', 'fs f()\n'],
    ['only a comment', 'fs f(# a\n)', 'fs f(\n\t# a\n)\n'],
  ])('%s', (_, text, expected) => {
    expect(formatted(text)).toBe(expected);
  });

  test('in arguments and binds', () => {
    expect(body('a b(c "d",)   e()  f( g(\n"h" ))')).toBe('a b(c, "d") e() f(g(\n\t"h",\n))');
    expect(body('a as(b c)')).toBe('a as (b c)');
    expect(body('a as(b c\nd e)')).toBe('a as (\n\tb c,\n\td e,\n)');
    expect(body('a as ()')).toBe('a as ()');
  });
});

describe('blocks', () => {
  test.each([
    ['on one line', 'fs f(){a;b "c"}', 'fs f() { a; b "c" }\n'],
    ['the newline that ends a statement', 'fs f() { a\nb\n}', 'fs f() { a; b }\n'],
    ['a newline behind the brace', 'fs f() {\na;b }', 'fs f() {\n\ta\n\tb\n}\n'],
    ['an empty line', 'fs f() { a\n\nb }', 'fs f() {\n\ta\n\n\tb\n}\n'],
    ['a newline behind a semicolon', 'fs f() { a;\nb }', 'fs f() {\n\ta\n\tb\n}\n'],
    ['empty lines', 'fs f() {\n\n\na\n\n\nb\n\n\n}', 'fs f() {\n\n\ta\n\n\tb\n\n}\n'],
    ['no statement', 'fs f(){ }', 'fs f() {}\n'],
    ['only a newline', 'fs f(){\n}', 'fs f() {\n}\n'],
    ['only empty lines', 'fs f(){\n\n\n}', 'fs f() {\n\n}\n'],
    ['comments', 'fs f(){#a\nb#c\n#d\ne;#f\n\n#g\n}', 'fs f() { #a\n\tb #c\n\t#d\n\te #f\n\n\t#g\n}\n'],
    ['a statement on the line of the brace', 'fs f() { a\n\n}', 'fs f() {\n\ta\n\n}\n'],
    ['a literal without terminator', 'string f() { "a" }', 'string f() { "a" }\n'],
    ['literals', 'int f() {\n1 2;3\n}', 'int f() {\n\t1\n\t2\n\t3\n}\n'],
  ])('%s', (_, text, expected) => {
    expect(formatted(text)).toBe(expected);
  });

  test('one in the other', () => {
    expect(body('run "x" with option{\nmount fs{\na\n} "/b"\n}')).toBe(
      'run "x" with option {\n\tmount fs {\n\t\ta\n\t} "/b"\n}',
    );
  });
});

describe('calls', () => {
  test.each([
    ['a   "b"\t1  with   c   as   d', 'a "b" 1 with c as d'],
    ['a . '.replace(' . ', '.b '), 'a.b'],
    ['a with option { }', 'a'],
    ['a with option::a {\n\n} as b', 'a as b'],
    ['a with option { # why\n}', 'a with option { # why\n}'],
    ['a with fs {}', 'a with fs {}'],
    ['a as', 'a as'],
  ])('%j', (text, expected) => {
    expect(body(text)).toBe(expected);
  });
});

describe('literals', () => {
  test.each([
    ['a 0 007X 0B0011 0O0755 0XfF 0b0', 'a 0 007X 0b11 0o755 0xff 0b0'],
    ['a true false', 'a true false'],
    ['a "x\\n\\$${  b( "c",1 ) }$" `y ${ z }`', 'a "x\\n\\$${b("c", 1)}$" `y ${ z }`'],
    ['a "${ b(\n"c" ) }"', 'a "${b(\n\t"c",\n)}"'],
    ['a <<EOM  keep  EOM', 'a <<EOM  keep  EOM'],
    ['a <<-EOM\n\t\t${ b(\n"c" ) }  d\n\t\t\tEOM  e', 'a <<-EOM\n\t${b("c")}  d\nEOM e'],
    ['a <<-EOM\n  x\nEOM', 'a <<-EOM\n  x\nEOM'],
    ['a <<-EOM\n  x\n  EOM', 'a <<-EOM\n  x\n  \tEOM'],
    ['a <<EOM ${b( # c\n)} EOM', 'a <<EOM ${b(\n\t# c\n)} EOM'],
    ['a <<~`EOM`\n\t\t\t x ${ y }\n\t\t\tEOM', 'a <<~`EOM`\n\t\t x ${ y }\n\t\tEOM'],
  ])('%j', (text, expected) => {
    expect(body(text)).toBe(expected);
  });

  test('the delimiter of a heredoc keeps its distance from what is before it', () => {
    expect(formatted('import a from <<E x\tE\n')).toBe('import a from <<E x\tE\n');
    expect(formatted('import a from <<E\n\tx\n\tE\n')).toBe('import a from <<E\n\tx\nE\n');
  });

  test('an expression alone', () => {
    const module = parse(sourceFile('a.hlb', 'import a from b( "c" ,  fs{d})')).module;
    const decl = module.decls[0];
    expect(decl?.kind === 'import' && printExpression(decl.expr)).toBe('b("c", fs { d })');
  });
});

test('a file with errors is left alone', () => {
  const result = format(sourceFile('a.hlb', 'fs f( {\n}\n'));
  expect('diagnostics' in result && result.diagnostics.map((found) => found.code)).toEqual(['HLB0205']);
});

test('a tree with errors prints what was not understood as it was written', () => {
  const { module } = parse(sourceFile('a.hlb', 'fs f() {\n\ta   = b\n\tc   d\n}\n'));
  expect(print(module)).toBe('fs f() {\n\ta = b\n\tc d\n}\n');
});
