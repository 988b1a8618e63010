import { describe, expect, test } from 'vitest';
import { joinShellWords, quoteShellWord, splitShellWords } from './shell-words.js';

describe('splitShellWords', () => {
  test.each([
    ['', []],
    ['  a\tb\n c ', ['a', 'b', 'c']],
    ['\'a b\' "c d" e\\ f', ['a b', 'c d', 'e f']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    ['"a\\"b\\c\\$d"', ['a"b\\c$d']],
    ['a\\\nb "c\\\nd"', ['ab', 'cd']],
    ['$HOME *.c # no', ['$HOME', '*.c', '#', 'no']],
  ])('%j', (text, words) => {
    expect(splitShellWords(text)).toEqual(words);
  });

  test.each(["'a", '"a', 'a\\', '"a\\'])('%j has no end', (text) => {
    expect(() => splitShellWords(text)).toThrow(/is not closed|escapes nothing/);
  });
});

describe('quoteShellWord', () => {
  test.each([
    ['', "''"],
    ['plain-1.2/x=y', 'plain-1.2/x=y'],
    ['a$b*', 'a\\$b\\*'],
    ['~/x~', '\\~/x~'],
    ['two words', "'two words'"],
    [`it's a`, `'it'\\''s a'`],
    ["' '", "\\'' '\\'"],
    ['a#b%c^d', 'a#b%c^d'],
  ])('%j', (word, quoted) => {
    expect(quoteShellWord(word)).toBe(quoted);
  });

  test('what was joined splits into the same words', () => {
    const words = ['', 'a b', "it's", '"x"', 'a\\b', 'new\nline', '~', 'ü', "'", " '"];
    expect(splitShellWords(joinShellWords(words))).toEqual(words);
  });
});
