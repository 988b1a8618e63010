import { sourceFile } from '@hlb/diagnostics';
import { lex, MAX_DIAGNOSTICS } from '@hlb/lexer';
import { describe, expect, test } from 'vitest';
import { format, parse, print } from './index.js';

/**
 * Inputs on which anything but a single pass shows: each of these takes hours where the time grows with the square of the size, and
 * ends with an exception where the stack grows with the nesting. That they end is what is tested.
 */

const million = 1_000_000;

function codes(text: string): string[] {
  return parse(sourceFile('large.hlb', text)).diagnostics.map((found) => found.code);
}

describe('a line of up to 10 MB', () => {
  const long = 10 * million;

  test.each([
    ['of a name', `fs f() { ${'a'.repeat(long)} }\n`],
    ['of blanks', `fs f() {${' '.repeat(long)}}\n`],
    ['of digits', `fs f() { mkdir "/" 0b${'1'.repeat(50)} ${'0'.repeat(long)} }\n`],
    ['of a comment', `#${'-'.repeat(long)}\n`],
    ['of a string', `fs f() { image "${'x'.repeat(long)}" }\n`],
    ['of escapes', `fs f() { image "${'\\n'.repeat(million)}" }\n`],
    ['of dollar signs', `fs f() { image "${'$'.repeat(2 * million)}" }\n`],
    ['of a raw string', `fs f() { image \`${'$'.repeat(long)}\` }\n`],
    ['of arguments', `fs f() { run ${'"a" '.repeat(long / 4)}}\n`],
    ['of statements', `fs f() { ${'a;'.repeat(million)} }\n`],
    ['of an argument list', `fs f() { run a(${'b,'.repeat(million)}) }\n`],
    ['of a heredoc of blanks', `fs f() { run <<E${' '.repeat(long)}E }\n`],
    ['of a heredoc of words', `fs f() { run <<E ${'EE '.repeat(million)}E }\n`],
    ['of declarations', 'export a '.repeat(million / 4)],
  ])('%s', (_, text) => {
    const file = sourceFile('large.hlb', text);
    const once = format(file);
    if (!('text' in once)) throw new Error('has errors');
    expect(parse(sourceFile('again.hlb', once.text)).diagnostics).toEqual([]);
  });

  test.each([
    ['of bad characters', '='.repeat(long), 'HLB0101'],
    ['of bad characters among good ones', `fs f() { ${'= a '.repeat(million / 2)} }`, 'HLB0101'],
    ['of a number that is too large', `fs f() { mkdir "/" ${'9'.repeat(long)} }\n`, 'HLB0110'],
    ['of a number with a base that is too large', `fs f() { mkdir "/" 0x${'9'.repeat(long)} }\n`, 'HLB0110'],
    ['of closers', '}'.repeat(2 * million), 'HLB0206'],
    ['of commas', `fs f() { a(${','.repeat(2 * million)}) }`, 'HLB0214'],
    ['of semicolons', `fs f() { ${';'.repeat(2 * million)} }`, 'HLB0215'],
    ['of dots', `fs f() { a${'.b'.repeat(million)} }`, 'HLB0216'],
    ['of no declaration', 'a '.repeat(million), 'HLB0201'],
  ])('%s is one mistake', (_, text, code) => {
    expect(codes(text)).toEqual([code]);
  });
});

describe('nesting', () => {
  const deep = 100_000;

  test.each([
    ['blocks', `fs f() { ${'copy fs { '.repeat(deep)}a${' }'.repeat(deep)} }\n`],
    ['blocks on lines of their own', `fs f() {\n${'copy fs {\n'.repeat(deep)}a\n${'}\n'.repeat(deep)}}\n`],
    ['argument lists', `fs f() { copy ${'a('.repeat(deep)}b${')'.repeat(deep)} }\n`],
    ['interpolations', `fs f() { image ${'"${a('.repeat(deep)}b${')}"'.repeat(deep)} }\n`],
    ['options', `fs f() { ${'run "x" with option { '.repeat(deep)}a${' }'.repeat(deep)} }\n`],
    ['heredocs', `fs f() { run ${'<<E ${'.repeat(deep)}b${'} E'.repeat(deep)} }\n`],
  ])('of 100,000 %s is one mistake, and what follows is read', (_, text) => {
    const { module, diagnostics } = parse(sourceFile('deep.hlb', `${text}export g\nfs g() { a("x") }\n`));
    expect(diagnostics.map((found) => found.code)).toEqual(['HLB0217', 'HLB0207']);
    expect(module.decls.filter((decl) => decl.kind === 'func')).toHaveLength(2);
    print(module);
  });

  test.each([
    ['blocks', 'fs f() { '.concat('copy fs { '.repeat(deep))],
    ['argument lists', 'fs f() { copy '.concat('a('.repeat(deep))],
    ['interpolations', 'fs f() { image '.concat('"${'.repeat(deep))],
    ['blocks without a kind', '{'.repeat(deep)],
    ['heredocs', 'fs f() { run '.concat('<<E '.repeat(deep))],
  ])('of 100,000 %s that are not closed', (_, text) => {
    const found = codes(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(10);
  });
});

describe('a million', () => {
  test.each([
    ['quotes', `fs f() { run ${'"'.repeat(million + 1)} }`],
    ['quotes, a line each', `fs f() { run ${'"\n'.repeat(million + 1)} }`],
    ['quotes behind each other, each escaped', `fs f() { run "${'\\"'.repeat(million)} }`],
    ['backticks', `fs f() { run ${'`'.repeat(million + 1)} }`],
    ['backticks, a line each', `fs f() { run ${'`\n'.repeat(million + 1)} }`],
    ['heredocs', `fs f() { run ${'<<A\n'.repeat(million)} }`],
    [
      'heredocs of different delimiters',
      `fs f() { run ${Array.from({ length: million }, (_, i) => `<<A${i}\n`).join('')} }`,
    ],
    ['interpolations, a line each', `fs f() { run ${'"${\n'.repeat(million)} }`],
  ])('%s that are not closed', (_, text) => {
    const file = sourceFile('large.hlb', text);
    expect(lex(file).diagnostics.length).toBeGreaterThan(0);
    expect(parse(file).diagnostics.length).toBeLessThanOrEqual(MAX_DIAGNOSTICS);
  });

  test('mistakes, a line each, are reported up to a limit', () => {
    expect(codes(`fs f() {\n${'a,b\n'.repeat(million)}}\n`)).toEqual(Array(MAX_DIAGNOSTICS).fill('HLB0214'));
    expect(codes('=\n'.repeat(million))).toEqual(Array(MAX_DIAGNOSTICS).fill('HLB0101'));
  });

  test('comments between declarations', () => {
    const text = `${'# a\n'.repeat(million)}fs f() {}\n`;
    expect(format(sourceFile('large.hlb', text))).toEqual({ text });
  });
});
