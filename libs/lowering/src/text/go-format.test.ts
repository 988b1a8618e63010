import { describe, expect, test } from 'vitest';
import { goSprint, goSprintf, goSprintln } from './go-format.js';
import type { GoValue } from './go-value.js';

describe('goSprintf over strings', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['%s|%5s|%-5s|%q|%%|%x|%v', ['a', 'b', 'c', 'd"e', 'hex', 'v'], 'a|    b|c    |"d\\"e"|%|686578|v'],
    ['%s %s', ['only'], 'only %!s(MISSING)'],
    ['%s', ['one', 'two', 'three'], 'one%!(EXTRA string=two, string=three)'],
    ['%d', ['12'], '%!d(string=12)'],
    ['%5d', ['ab'], '%!d(string=   ab)'],
    ['bare', [], 'bare'],
    ['%[2]s %[1]s', ['a', 'b'], 'b a'],
    ['%[1]s %[1]s', ['a', 'b'], 'a a'],
    ['%[3]s', ['a'], '%!s(BADINDEX)'],
    ['%[x]s', ['a'], '%!s(BADINDEX)'],
    ['%[1]5s', ['a'], '%!s(BADINDEX)'],
    ['%', [], '%!(NOVERB)'],
    ['%!', ['a'], '%!!(string=a)'],
    ['%.2s|%.10s', ['héllo', 'x'], 'hé|x'],
    ['%05s|%-05s|', ['lee', 'x'], '00lee|x    |'],
    ['%*s', ['3', 'x'], '%!(BADWIDTH)x'],
    ['%.*s', ['3', 'x'], '%!(BADPREC)x'],
    ['%X|% x|%#x|%# x|%.1x', ['jk', 'ab', 'ab', 'ab', 'ab'], '6A6B|61 62|0x6162|0x61 0x62|61'],
    ['%x', ['ü'], 'c3bc'],
    ['%#q|%+q|%#v', ['a b', 'ü', 'x'], '`a b`|"\\u00fc"|"x"'],
    ['%#q', ['a`b'], '"a`b"'],
    ['%q', ['a\n\u0001\u007f\u200b😀'], '"a\\n\\x01\\x7f\\u200b😀"'],
    ['%T', ['x'], 'string'],
    ['%t %c', ['x', 'y'], '%!t(string=x) %!c(string=y)'],
    ['%ü', ['x'], '%!ü(string=x)'],
    ['%9999999s', ['x'], '%!(NOVERB)%!(EXTRA string=x)'],
  ])('%j %j', (format, values, text) => {
    expect(goSprintf(format, values)).toBe(text);
  });
});

describe('goSprintf over other values', () => {
  test.each<readonly [string, readonly GoValue[], string]>([
    ['%d|%5d|%-5d|%05d|%+d', [1n, 2n, 3n, -4n, 5n], '1|    2|3    |-0004|+5'],
    ['%x|%X|%#x|%o|%O|%b', [255n, 255n, 255n, 8n, 8n, 5n], 'ff|FF|0xff|10|0o10|101'],
    ['%c|%q|%U', [65n, 65n, 0x20acn], "A|'A'|U+20AC"],
    ['%v|%t|%s', [true, false, true], 'true|false|%!s(bool=true)'],
    ['%v|%g|%e|%.2f', [1.5, 1e21, 1234.5, 2.005], '1.5|1e+21|1.234500e+03|2.00'],
    ['%v|%v|%.3g', [123456, 1234567, 0.0001234], '123456|1.234567e+06|0.000123'],
    ['%v|%v|%v', [100000000, 0.00001, 3], '1e+08|1e-05|3'],
    ['%v|%s|%d', [undefined, undefined, undefined], '<nil>|%!s(<nil>)|%!d(<nil>)'],
    [
      '%v',
      [
        new Map([
          ['b', '2'],
          ['a', '1'],
        ]),
      ],
      'map[a:1 b:2]',
    ],
    ['%s', [1n], '%!s(int=1)'],
  ])('%j', (format, values, text) => {
    expect(goSprintf(format, values)).toBe(text);
  });
});

test('goSprint puts blanks where neither side is a text', () => {
  expect(goSprint(['a', 1n, 2n, 'b', true, undefined])).toBe('a1 2b true <nil>'.replace('b true', 'btrue'));
});

test('goSprintln puts blanks everywhere', () => {
  expect(goSprintln(['a', 1n, 'b'])).toBe('a 1 b\n');
});
