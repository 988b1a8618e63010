import { sourceFile } from '@hlb/diagnostics';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  constantString,
  decodeString,
  heredocText,
  isTextLiteral,
  parse,
  stringValue,
  type TextLiteral,
} from '../index.js';

function literal(text: string): TextLiteral {
  const { module, diagnostics } = parse(sourceFile('a.hlb', `import a from ${text}`));
  expect(diagnostics).toEqual([]);
  const decl = module.decls[0];
  if (decl?.kind !== 'import' || decl.expr.kind === 'call' || decl.expr.kind === 'func-lit' || decl.expr.kind === 'bad')
    throw new Error(`no literal: ${text}`);
  if (!isTextLiteral(decl.expr)) throw new Error(`no text: ${text}`);
  return decl.expr;
}

describe('values of literals', () => {
  test.each([
    ['""', ''],
    ['"\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\$"', '\u0007\b\f\n\r\t\v\\"$'],
    ['"\\x41\\101\\u00e9\\U0001f600"', 'AAé😀'],
    ['"$ $$"', '$ $$'],
    ['"a\nb"', 'a\nb'],
    ['``', ''],
    ['`\\n${x}`', '\\n${x}'],
    ['<<E a E', ' a '],
    ['<<E\n\n\ta\n\t\tb\n\n\tE', '\ta\n\t\tb'],
    ['<<E\na\n  E', 'a\n  '],
    ['<<E \\$a \\n a\\$ E', ' $a \\n a\\$ '],
    ['<<`E` \\$a E', ' \\$a '],
    ['<<-E\n\t\ta\n\t\t\tb\n\n\t\tc\n\tE', 'a\n\tb\n\nc'],
    ['<<-E\n\t\ta\n\t  \n\tb\n\tE', '\ta\n\nb'],
    ['<<-E\n\ta\n  b\n\tE', '\ta\n  b'],
    ['<<-E\n\t a\n\t\tb\n\tE', '\t a\n\t\tb'],
    ['<<-E\n    a\n      b\n    E', 'a\n  b\n'],
    ['<<~E\n\ta\n\t  b\n\n\tc\n\tE', 'a b  c'],
    ['<<~`E` a  b E', 'a  b'],
  ])('%j', (text, value) => {
    expect(constantString(literal(text))).toBe(value);
  });

  test('with interpolations are laid out with their texts', () => {
    const heredoc = literal('<<-E\n\t\t${a}\n\t\tb\n\tE');
    expect(constantString(heredoc)).toBeUndefined();
    expect(stringValue(heredoc, () => 'x\n\t\t\ty')).toBe('x\n\ty\nb');
    expect(stringValue(literal('"<${a}>\\n"'), () => '\\n')).toBe('<\\n>\n');
  });

  test('are parts, of which no two texts are neighbours', () => {
    expect(
      decodeString(literal('"a\\n${b}\\$c"')).map((part) => (part.kind === 'text' ? part.text : part.kind)),
    ).toEqual(['a\n', 'interpolation', '$c']);
    expect(decodeString(literal('""'))).toEqual([]);
  });
});

describe('the layout of a heredoc', () => {
  test('of any text, dedented, is its lines without one shared indent', () => {
    const line = fc
      .tuple(fc.stringMatching(/^[ \t]{0,3}$/), fc.stringMatching(/^[a-z]{0,3}$/))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const body = heredocText('literal', lines.join('\n'));
        const dedented = heredocText('dedent', lines.join('\n')).split('\n');
        const original = body.split('\n');
        expect(dedented).toHaveLength(original.length);
        const removed = new Set<string>();
        dedented.forEach((now, index) => {
          const before = original[index] ?? '';
          if (before.trim() === '') expect(now).toBe('');
          else removed.add(before.slice(0, before.length - now.length));
        });
        expect(removed.size).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('folded trims what Go takes for white space', () => {
    expect(heredocText('fold', '\u0085\u00a0 a \v\n\u2003b\ufeff\n')).toBe('a b\ufeff');
  });
});
