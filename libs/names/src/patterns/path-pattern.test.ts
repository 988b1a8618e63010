import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileNamePattern, compilePathPattern } from './path-pattern.js';
import { InvalidPatternError } from './pattern-source.js';

test.each<[pattern: string, matches: string[], others: string[]]>([
  ['a/b', ['a/b'], ['a', 'a/b/c', 'x/a/b']],
  ['*', ['a', '.hidden', 'with\nnewline'], ['a/b']],
  ['*.ts', ['a.ts', '.ts'], ['a.tsx', 'd/a.ts', 'ats']],
  ['a?c', ['abc', 'a\u{1f600}c'], ['ac', 'a/c', 'abbc']],
  ['**', ['a', 'a/b/c', ''], []],
  ['a/**', ['a/b', 'a/b/c', 'a/'], ['a', 'ab']],
  ['a**', ['a', 'ab', 'a/b/c'], ['b']],
  ['**/foo', ['foo', 'x/foo', 'x/y/foo'], ['foobar', 'x/foo/y', 'xfoo']],
  ['**foo', ['foo', 'xfoo', 'a/bfoo'], ['foox']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'x/a/b']],
  ['a**b', ['ab', 'ax/b', 'ax/y/b'], ['axb']],
  ['**/*.go', ['x.go', 'a/x.go', 'a/b/x.go'], ['x.gox']],
  ['**/a/**', ['a/x', 'y/a/x'], ['a', 'x']],
  ['a.b+(c)|{d}$', ['a.b+(c)|{d}$'], ['aXb+(c)|{d}$', 'a.bb(c)|{d}$']],
  ['*.b+(c)|{d}$', ['a.b+(c)|{d}$'], ['aXb+(c)|{d}$']],
  ['[a-c]x', ['ax', 'cx'], ['dx', '[a-c]x']],
  ['[^a-c]x', ['dx', '^x'], ['ax']],
  ['[\\]x]y', [']y', 'xy'], ['\\y']],
  ['\\*x', ['*x'], ['ax', '\\*x']],
  ['\\d', ['d'], ['1', '\\d']],
  ['a^b', ['a^b'], ['ab']],
  ['a^*', [], ['a^', 'a', 'a^b']],
  ['äö*', ['äöü'], ['ao']],
])('%s', (pattern, matches, others) => {
  const glob = compilePathPattern(pattern);
  expect(matches.filter((path) => !glob(path))).toEqual([]);
  expect(others.filter((path) => glob(path))).toEqual([]);
});

test.each([
  ['[', 'has a [ without its ]'],
  ['[]a]', 'malformed'],
  ['[a-]', 'malformed'],
  ['[-a]', 'malformed'],
  ['[z-a]', 'wrong way round'],
  ['a\\', 'backslash'],
])('%s is refused', (pattern, message) => {
  expect(() => compilePathPattern(pattern)).toThrow(message);
});

/** The pattern language once more, by trying every split: slow, and plainly what the table says. */
function matches(pattern: string, path: string): boolean {
  if (pattern === '') return path === '';
  if (pattern.startsWith('**')) {
    const rest = pattern.startsWith('**/') ? pattern.slice(3) : pattern.slice(2);
    if (rest === '') return true;
    if (matches(rest, path)) return true;
    for (let i = 0; i < path.length; i++) if (path[i] === '/' && matches(rest, path.slice(i + 1))) return true;
    return false;
  }
  if (pattern.startsWith('*')) {
    for (let i = 0; ; i++) {
      if (matches(pattern.slice(1), path.slice(i))) return true;
      if (i >= path.length || path[i] === '/') return false;
    }
  }
  if (path === '') return false;
  if (pattern.startsWith('?')) return path[0] !== '/' && matches(pattern.slice(1), path.slice(1));
  return pattern[0] === path[0] && matches(pattern.slice(1), path.slice(1));
}

const part = fc.constantFrom('a', 'b', '.', '*', '?', '**', 'ab', '*a');
const patterns = fc
  .array(
    fc.array(part, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 4 },
  )
  .map((names) => names.join('/'))
  // `***` and a leading `**` before a name have forms of their own, which the table above pins.
  .filter((pattern) => !pattern.includes('***') && !/^\*\*[^/]/.test(pattern));
const paths = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'ba', '.', 'aa'), { minLength: 1, maxLength: 5 })
  .map((names) => names.join('/'));

test('agrees with trying every split', () => {
  fc.assert(
    fc.property(patterns, paths, (pattern, path) => {
      expect(compilePathPattern(pattern)(path)).toBe(matches(pattern, path));
    }),
    { numRuns: 3000 },
  );
});

/** The pattern language as the expression that BuildKit makes of it: short, and slow where it tries again and again. */
function expressionOf(pattern: string): RegExp {
  const elements = /\*\*\/?$|\*\*\/?|\*|\?|\[\^?(?:\\.|[^\]\\])(?:\\.|[^\]\\])*\]|\\.|\^|./gsu;
  const parts = [...pattern.matchAll(elements)].map(([element], index, all) => {
    const last = index === all.length - 1;
    if (element.startsWith('**')) return last ? '[^\\n]*' : '(?:[^\\n]*/)?';
    if (element === '*') return '[^/]*';
    if (element === '?') return '[^/]';
    if (element === '^') return '^';
    if (element.length > 1 && element.startsWith('[')) return element;
    return element.replace(/^\\(?=.)/su, '').replace(/[.+(){}|$\\*?[\]^/]/gu, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}

const element = fc.constantFrom(
  'a',
  'b',
  '/',
  '.',
  '*',
  '?',
  '**',
  '**/',
  '[ab]',
  '[^a]',
  '[a-c/]',
  '\\*',
  '\\a',
  '^',
  '\u{1f600}',
);
/** Two elements that make it no plain text, and no test of an end, which have rules of their own. */
const expressions = fc
  .array(element, { maxLength: 7 })
  .map((elements) => `?${elements.join('')}`)
  .filter((pattern) => !pattern.includes('***'));
const texts = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', '/', '.', '*', '^', '\n', '\u{1f600}', '\ud83d'),
  maxLength: 9,
});

test('agrees with the expression that BuildKit makes of a pattern', () => {
  let matched = 0;
  fc.assert(
    fc.property(expressions, texts, (pattern, text) => {
      const expected = expressionOf(pattern).test(text);
      if (expected) matched += 1;
      expect(compilePathPattern(pattern)(text)).toBe(expected);
    }),
    { numRuns: 10_000 },
  );
  expect(matched).toBeGreaterThan(100);
});

test.each([`${'*a'.repeat(60)}b*`, `?${'**/*a'.repeat(40)}b*`, `a?${'[a-z/]*'.repeat(50)}b?*`])(
  '%s ends on long names that do not fit',
  (pattern) => {
    // Trying one way after the other would take longer than the universe is old.
    expect(compilePathPattern(pattern)('a'.repeat(4000))).toBe(false);
    expect(compilePathPattern(pattern)('a/'.repeat(2000))).toBe(false);
    expect(compileNamePattern(pattern)('a'.repeat(4000))).toBe(false);
  },
);

test('any text compiles or is refused by name', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('*', '?', '[', ']', '\\', '^', '-', '/', 'a', '(', '{', '\u{1f600}', '\ud800'),
      }),
      (pattern) => {
        try {
          compilePathPattern(pattern)('a/b');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidPatternError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('names of follow paths', () => {
  expect(compileNamePattern('lib*.so')('libc.so')).toBe(true);
  expect(compileNamePattern('**')('abc')).toBe(true);
  expect(compileNamePattern('[ab]?')('bx')).toBe(true);
  expect(compileNamePattern('\\*')('a')).toBe(false);
  expect(compileNamePattern('[')('[')).toBe(false);
});
