import { describe, expect, test } from 'vitest';
import { open } from './testing/diagnose.js';

/** The codes of all that is said of a program, those of the parser first, with the lines where they stand. */
function said(text: string): readonly string[] {
  return open(text, { kit: 'export tools\n\nfs tools(string tag) {\n\timage tag\n}\n' }).diagnostics.map(
    ({ code, labels: [label] }) => `${code} ${label?.span.file.position(label.span.start).line}`,
  );
}

const head = 'fs tools(string tag) {\n\timage tag\n}\n\nfs default() {\n';

describe('a syntax error is all that is said of a statement', () => {
  test.each([
    ['with an open parenthesis', '\tcopy tools("a" "b"\n}\n', ['HLB0205 7']],
    ['on several lines, with bad characters', '\tcopy tools("a"\n\t\t, "b" = 3\n\t) "/"\n}\n', ['HLB0101 7']],
    ['of something imported', '\tcopy kit.tools("a" "b"\n}\n\nimport kit from "kit.hlb"\n', ['HLB0205 7']],
    ['with an option on the next line', '\trun "x"\n\t\twith option { shlex; }\n}\n', ['HLB0210 7']],
  ])('%s', (_, statement, expected) => {
    expect(said(head + statement)).toEqual(expected);
  });

  test('and what stands in its blocks, before and behind it is still looked at', () => {
    expect(said(`${head}\timage 1\n\trun "x" = with option {\n\t\tenv 2\n\t}\n\timage 3\n}\n`)).toEqual([
      'HLB0101 7',
      'HLB0310 6',
      'HLB0312 8',
      'HLB0310 10',
    ]);
  });
});

describe('a block that is not closed', () => {
  test('swallows statements that are not blamed for standing in it', () => {
    expect(
      said(`${head}\timage "a"\n\trun "x" with option {\n\t\tshlex\n\tenv "A" "b"\n\tmkdir "/c" 0o755\n}\n`),
    ).toEqual(['HLB0204 12']);
    expect(said(`${head}\tcopy fs {\n\t\timage "b"\n\t"/" "/"\n}\n`)).toEqual(['HLB0204 10']);
  });

  test('keeps its own statements, and the functions behind it', () => {
    expect(
      said(`${head}\trun "x" with option {\n\t\tmount 1 "/"\n\tenv "A" "b"\n}\n\nfs other() {\n\timage 5\n}\n`),
    ).toEqual(['HLB0204 11', 'HLB0310 7', 'HLB0310 12']);
  });
});
