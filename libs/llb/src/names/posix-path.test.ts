import { expect, test } from 'vitest';
import { goJsonString, goJsonStringArray } from './go-json.js';
import { absolutePath, absoluteTarget, cleanPath } from './posix-path.js';

test.each([
  ['', '.'],
  ['/', '/'],
  ['//a//b/', '/a/b'],
  ['a/./b/../c', 'a/c'],
  ['../..', '../..'],
  ['/../a', '/a'],
])('%j is cleaned to %j', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test.each([
  ['/w', 'a', '/w/a'],
  ['/w', '/a/', '/a'],
  ['/w', '../../a', '/a'],
  ['/w', '.', '/w'],
  ['', 'a', '/a'],
  ['w', 'a', '/w/a'],
])('seen from %j, %j is %j', (dir, path, absolute) => {
  expect(absolutePath(dir, path)).toBe(absolute);
});

test.each([
  ['/w', 'a/', '/w/a/'],
  ['/w', 'a/.', '/w/a/.'],
  ['/', '/', '/'],
  ['/', '/.', '/.'],
  ['/w', '.', '/w'],
  ['/w', '..', '/'],
])('seen from %j, the target %j is %j', (dir, path, target) => {
  expect(absoluteTarget(dir, path)).toBe(target);
});

test("lists are written as Go's JSON encoder writes them", () => {
  expect(goJsonStringArray([])).toBe('[]');
  expect(goJsonStringArray(['a<b', 'c>&', '"\\'])).toBe('["a\\u003cb","c\\u003e\\u0026","\\"\\\\"]');
  expect(goJsonString('\u2028\u2029\n\t\u0001\u007fé😀')).toBe('"\\u2028\\u2029\\n\\t\\u0001\u007fé😀"');
  expect(goJsonString('\ud800x\udc00')).toBe('"\\ufffdx\\ufffd"');
});
