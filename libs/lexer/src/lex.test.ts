import { sourceFile } from '@hlb/diagnostics';
import { describe, expect, test } from 'vitest';
import { lex, printTokens, readTokens } from './index.js';

/** The tokens as `kind:text`, blanks between them; newlines and the end are left out. */
function tokens(text: string): string {
  const file = sourceFile('a.hlb', text);
  return [...readTokens(file, lex(file).tokens)]
    .filter((token) => token.kind !== 'newline' && token.kind !== 'eof')
    .map((token) => `${token.kind}:${token.text}`)
    .join(' ');
}

/** What is reported, as `LINE:COLUMN-LINE:COLUMN CODE`, then the other places. */
function reported(text: string): string[] {
  const file = sourceFile('a.hlb', text);
  return lex(file).diagnostics.map((found) => {
    const places = found.labels.map(({ span }) => {
      const start = file.position(span.start);
      const end = file.position(span.end);
      return `${start.line}:${start.column}-${end.line}:${end.column}`;
    });
    return `${found.code} ${places.join(' ')}`;
  });
}

describe('words', () => {
  test.each([
    ['import export with as', 'import:import export:export with:with as:as'],
    ['from binds variadic', 'ident:from ident:binds ident:variadic'],
    ['true false truth', 'bool:true bool:false ident:truth'],
    ['import:x as:', 'import:import ident::x as:as ident::'],
    ['imports option::run a:b: ::', 'ident:imports ident:option::run ident:a:b: ident:::'],
    ['a.with a.1 a.true', 'ident:a dot:. ident:with ident:a dot:. ident:1 ident:a dot:. ident:true'],
    ['a. with', 'ident:a dot:. with:with'],
    ['a. b', 'ident:a dot:. ident:b'],
    ['a.b.c', 'ident:a dot:. ident:b dot:. ident:c'],
  ])('%s', (text, expected) => {
    expect(reported(text)).toEqual([]);
    expect(tokens(text)).toBe(expected);
  });
});

describe('numbers', () => {
  test.each([
    ['0 7 12', 'decimal:0 decimal:7 decimal:12'],
    ['0755 00 7a', 'ident:0755 ident:00 ident:7a'],
    ['0b01 0o755 0xfF 0B1 0O7 0XA', 'numeric:0b01 numeric:0o755 numeric:0xfF numeric:0B1 numeric:0O7 numeric:0XA'],
    ['0xg 0b', 'ident:0xg ident:0b'],
    ['12:34', 'decimal:12 ident::34'],
    ['9223372036854775807', 'decimal:9223372036854775807'],
  ])('%s', (text, expected) => {
    expect(reported(text)).toEqual([]);
    expect(tokens(text)).toBe(expected);
  });

  test('with digits that their base does not have, or too large, are bad', () => {
    expect(tokens('0b12 0o9 9223372036854775808')).toBe('bad:0b12 bad:0o9 bad:9223372036854775808');
    expect(reported('0b12 0o9 9223372036854775808')).toEqual([
      'HLB0109 1:1-1:5',
      'HLB0109 1:6-1:9',
      'HLB0110 1:10-1:29',
    ]);
  });
});

describe('strings', () => {
  test.each([
    ['"" "a b"', 'string-open:" string-close:" string-open:" text:a b string-close:"'],
    ['"$ $$ {"', 'string-open:" text:$ $$ { string-close:"'],
    [
      '"a\\n\\$\\x41\\u00e9\\101b"',
      'string-open:" text:a escape:\\n escape:\\$ escape:\\x41 escape:\\u00e9 escape:\\101 text:b string-close:"',
    ],
    [
      '"${ a }b${"c"}"',
      'string-open:" interpolation-open:${ ident:a interpolation-close:} text:b interpolation-open:${ string-open:" text:c string-close:" interpolation-close:} string-close:"',
    ],
    ['"a\nb"', 'string-open:" text:a\nb string-close:"'],
    ['`` `a"${\\n`', 'raw-open:` raw-close:` raw-open:` text:a"${\\n raw-close:`'],
    [
      '"${fs { a "}" }}"',
      'string-open:" interpolation-open:${ ident:fs brace-open:{ ident:a string-open:" text:} string-close:" brace-close:} interpolation-close:} string-close:"',
    ],
  ])('%s', (text, expected) => {
    expect(reported(text)).toEqual([]);
    expect(tokens(text)).toBe(expected);
  });

  test.each([
    ['"\\\'"', ['HLB0106 1:2-1:4']],
    ['"\\q\\0"', ['HLB0106 1:2-1:4', 'HLB0106 1:4-1:6']],
    ['"\\😀"', ['HLB0106 1:2-1:5']],
    ['"\\x80"', ['HLB0107 1:2-1:6']],
    ['"\\ud800 \\U00110000"', ['HLB0107 1:2-1:8', 'HLB0107 1:9-1:19']],
    ['"a\\\nb"', ['HLB0108 1:3-1:4']],
  ])('%s is reported', (text, expected) => {
    expect(reported(text)).toEqual(expected);
  });
});

describe('heredocs', () => {
  test.each([
    ['<<EOM a EOM', 'heredoc-open:<<EOM text: a  heredoc-close:EOM'],
    ['<<-EOM\n\ta\n\tEOM b', 'heredoc-open:<<-EOM text:\n\ta\n\t heredoc-close:EOM ident:b'],
    ['<<~EOM\nEOM', 'heredoc-open:<<~EOM text:\n heredoc-close:EOM'],
    ['<<E xE E2 E', 'heredoc-open:<<E text: xE E2  heredoc-close:E'],
    ['<<E say E now', 'heredoc-open:<<E text: say  heredoc-close:E ident:now'],
    ['<<E ${a}E', 'heredoc-open:<<E text:  interpolation-open:${ ident:a interpolation-close:} heredoc-close:E'],
    ['<<E $E', 'heredoc-open:<<E text: $ heredoc-close:E'],
    ['<<E \\xE', 'heredoc-open:<<E text: \\x heredoc-close:E'],
    ['<<E \\$E', 'heredoc-open:<<E text:  escape:\\$ heredoc-close:E'],
    ['<<E a\\$ \\${x} E', 'heredoc-open:<<E text: a\\$  escape:\\$ text:{x}  heredoc-close:E'],
    [
      '<<E a\\${x} E',
      'heredoc-open:<<E text: a\\ interpolation-open:${ ident:x interpolation-close:} text:  heredoc-close:E',
    ],
    ['<<`E` ${a} \\$ xE $E E', 'raw-heredoc-open:<<`E` text: ${a} \\$ xE $E  raw-heredoc-close:E'],
    ['<<-`E`E', 'raw-heredoc-open:<<-`E` raw-heredoc-close:E'],
    [
      '<<A ${<<B b B} A',
      'heredoc-open:<<A text:  interpolation-open:${ heredoc-open:<<B text: b  heredoc-close:B interpolation-close:} text:  heredoc-close:A',
    ],
    ['<<E \\\nE', 'heredoc-open:<<E text: \\\n heredoc-close:E'],
    // White space of the reference has no vertical tab and nothing beyond ASCII.
    ['<<E \vE \u00a0E E', 'heredoc-open:<<E text: \vE \u00a0E  heredoc-close:E'],
  ])('%s', (text, expected) => {
    expect(reported(text)).toEqual([]);
    expect(tokens(text)).toBe(expected);
  });
});

describe('the rest', () => {
  test('comments end before the newline and keep a carriage return', () => {
    expect(tokens('a # b\r\n#\nc')).toBe('ident:a comment:# b\r comment:# ident:c');
  });

  test('a byte order mark is a blank at the start, and bad elsewhere', () => {
    expect(tokens('\ufeffa')).toBe('ident:a');
    expect(reported('a\ufeff')).toEqual(['HLB0101 1:2-1:3']);
  });

  test('closers and commas without an opener are tokens: the parser knows better what is wrong', () => {
    expect(tokens('} ) ,')).toBe('brace-close:} paren-close:) comma:,');
  });

  test.each([
    ['a .b', ['HLB0101 1:3-1:5']],
    ['a = 3 = 4', ['HLB0101 1:3-1:4']],
    ['=\n=', ['HLB0101 1:1-1:2', 'HLB0101 2:1-2:2']],
    ['größe', ['HLB0101 1:3-1:6']],
    ['a😀b', ['HLB0101 1:2-1:5']],
    ["'a' 'b'", ['HLB0102 1:1-1:4', 'HLB0102 1:5-1:8']],
    ['-12', ['HLB0103 1:1-1:4']],
    ['<a', ['HLB0101 1:1-1:2']],
  ])('%s is reported', (text, expected) => {
    expect(reported(text)).toEqual(expected);
  });

  test('single quotes can be mended', () => {
    const found = lex(sourceFile('a.hlb', "'a b'")).diagnostics[0];
    expect(found?.fixes.map((fix) => fix.edits.map((edit) => edit.text))).toEqual([['"a b"']]);
  });

  test('prints with places', () => {
    const file = sourceFile('a.hlb', 'fs a() {\n\timage "x"\n}\n');
    expect(printTokens(file, lex(file).tokens)).toBe(
      `1:1 ident "fs"
1:4 ident "a"
1:5 paren-open "("
1:6 paren-close ")"
1:8 brace-open "{"
1:9 newline "\\n"
2:2 ident "image"
2:8 string-open "\\""
2:9 text "x"
2:10 string-close "\\""
2:11 newline "\\n"
3:1 brace-close "}"
3:2 newline "\\n"
4:1 eof
`,
    );
  });
});

describe('literals that are not closed', () => {
  test.each([
    // The file ends in them, and they end with their line.
    ['a "b\nc', 'ident:a string-open:" text:b string-close: ident:c', ['HLB0104 2:2-2:2 1:3-1:4']],
    [
      'a "b with c {\n}',
      'ident:a string-open:" text:b string-close: with:with ident:c brace-open:{ brace-close:}',
      ['HLB0104 2:2-2:2 1:3-1:4'],
    ],
    // The first is the culprit: with it closed, the second makes sense.
    [
      'a "b\nc "/d"\n',
      'ident:a string-open:" text:b string-close: ident:c string-open:" text:/d string-close:"',
      ['HLB0104 2:4-2:6 1:3-1:4'],
    ],
    // A string that is meant to have two lines is none.
    [
      'a "b\nc"\nd "e\nf "/g"\n',
      'ident:a string-open:" text:b\nc string-close:" ident:d string-open:" text:e string-close: ident:f string-open:" text:/g string-close:"',
      ['HLB0104 4:4-4:6 3:3-3:4'],
    ],
    // A path without its first quote is one mistake.
    ['a /b"\nc', 'ident:a bad:/b string-open:" string-close: ident:c', ['HLB0101 1:3-1:5']],
    [
      'f {\na `b\n}\nc',
      'ident:f brace-open:{ ident:a raw-open:` text:b raw-close: brace-close:} ident:c',
      ['HLB0104 4:2-4:2 2:3-2:4'],
    ],
    [
      'f {\na <<E\nb\n}\nc',
      'ident:f brace-open:{ ident:a heredoc-open:<<E text:\nb heredoc-close: brace-close:} ident:c',
      ['HLB0104 5:2-5:2 2:3-2:6'],
    ],
    ['a "b${c"\nd', 'ident:a string-open:" text:b${c" string-close: ident:d', ['HLB0105 1:8-1:9 1:5-1:7']],
    [
      'a <<E\nb ${c\nE\nd',
      'ident:a heredoc-open:<<E text:\nb ${c\nE heredoc-close: ident:d',
      ['HLB0105 2:6-3:1 2:3-2:5'],
    ],
  ])('%s', (text, expected, diagnostics) => {
    expect(tokens(text)).toBe(expected);
    expect(reported(text)).toEqual(diagnostics);
  });
});
