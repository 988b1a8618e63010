import { describe, expect, test } from 'vitest';
import { findings, open } from '../testing/diagnose.js';

describe('numbers of arguments', () => {
  test('are those of the parameters', () => {
    expect(
      findings(
        'fs a(string b, string c) {\n\timage b\n}\n\nfs d() {\n\ta "x"\n\ta "x" "y" "z"\n\tscratch "q"\n\tmkdir "/x"\n}\n',
      ),
    ).toEqual([
      'HLB0312 6:2 `a` takes 2 arguments, but 1 is given',
      'HLB0312 7:2 `a` takes 2 arguments, but 3 are given',
      'HLB0312 8:2 `scratch` takes no arguments, but 1 is given',
      'HLB0312 9:2 `mkdir` takes 2 arguments, but 1 is given',
    ]);
  });

  test('are any for a variadic parameter, after those before it', () => {
    expect(
      findings('string a(variadic string b) {\n\tformat "x" b\n}\n\nstring c() {\n\ta\n\ta "1" "2" "3"\n\tformat\n}\n'),
    ).toEqual(['HLB0312 8:2 `format` takes at least 1 argument, but none is given']);
  });

  test('of a parameter that is not last are one, though it is called variadic', () => {
    expect(
      findings('string a(variadic string b, string c) {\n\tc\n}\n\nstring d() {\n\ta "1" "2"\n\ta "1"\n}\n'),
    ).toEqual(['HLB0312 7:2 `a` takes 2 arguments, but 1 is given']);
  });

  test('of parameters of the function are none', () => {
    expect(findings('string a(string b) {\n\tb "c"\n}\n')).toEqual([
      'HLB0312 2:2 `b` takes no arguments, but 1 is given',
    ]);
  });

  test('that are wrong are the one mistake of a call', () => {
    // The text is no mode, but nobody knows whether it was meant as one.
    expect(findings('fs a() {\n\tscratch\n\tmkfile "/a" "b" "c" "d"\n}\n')).toEqual([
      'HLB0312 3:2 `mkfile` takes 3 arguments, but 4 are given',
    ]);
    expect(findings('fs a() {\n\tcopy local "." "/" "/src"\n}\n')).toEqual([
      'HLB0312 2:2 `copy` takes 3 arguments, but 4 are given',
    ]);
    expect(findings('fs a() {\n\timage "b" run "c" with dir "/d"\n}\n')).toHaveLength(1);
  });

  test('inside of a wrong call are still looked at where they have nothing to do with it', () => {
    expect(findings('fs a() {\n\tcopy fs {\n\t\tmkdir "/x"\n\t}\n}\n')).toEqual([
      'HLB0312 2:2 `copy` takes 3 arguments, but 1 is given',
      'HLB0312 3:3 `mkdir` takes 2 arguments, but 1 is given',
    ]);
  });

  test('are not counted where the text could not be read', () => {
    const syntax = findings('fs a() {\n\tscratch\n\tmkdir "/x" @\n}\n');
    expect(syntax.filter((line) => line.startsWith('HLB03'))).toEqual([]);
    expect(syntax).toHaveLength(1);
  });
});

describe('what was meant', () => {
  const mended = (text: string): string | undefined => {
    const edit = open(text).diagnostics[0]?.fixes[0]?.edits[0];
    return edit === undefined ? undefined : text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
  };

  test('parentheses of a call in a call', () => {
    expect(mended('fs a() {\n\tcopy local "." "/" "/src"\n}\n')).toBe('fs a() {\n\tcopy local(".") "/" "/src"\n}\n');
  });

  test('parentheses after `with`', () => {
    expect(mended('fs a() {\n\timage "b"\n\trun "c" with env "D" "e"\n}\n')).toBe(
      'fs a() {\n\timage "b"\n\trun "c" with env("D", "e")\n}\n',
    );
    expect(mended('fs a() {\n\timage "b"\n\trun "c" with mount scratch "/e"\n}\n')).toBe(
      'fs a() {\n\timage "b"\n\trun "c" with mount(scratch, "/e")\n}\n',
    );
  });

  test('another statement', () => {
    expect(mended('fs a() {\n\timage "b" run "c"\n}\n')).toBe('fs a() {\n\timage "b"; run "c"\n}\n');
  });

  test('the missing one, by the kinds of the others', () => {
    const { diagnostics } = open('fs a() {\n\tscratch\n\tmkfile "/a" "b"\n}\n');
    expect(diagnostics[0]?.helps).toEqual(['Missing: `filemode` (int).']);
  });
});
