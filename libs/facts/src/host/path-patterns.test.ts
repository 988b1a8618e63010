import { expect, test } from 'vitest';
import { matchesPatterns } from './path-patterns.js';

test.each<readonly [readonly string[], string, boolean]>([
  [['*.key'], 'a.key', true],
  [['*.key'], 'sub/b.key', false],
  [['**/*.key'], 'sub/deep/b.key', true],
  [['**/*.key'], 'b.key', true],
  [['sub'], 'sub/b.key', true],
  [['sub/'], 'sub/b.key', true],
  [['./sub/../sub'], 'sub/b.key', true],
  [['sub/**'], 'sub/b/c', true],
  [['a?c'], 'abc', true],
  [['a?c'], 'a/c', false],
  [['[a-c]x'], 'bx', true],
  [['[^a-c]x'], 'dx', true],
  [['[b-a]x'], 'bx', false],
  [['a\\*'], 'a*', true],
  [['a\\*'], 'ab', false],
  [['old*', '!old-but-kept'], 'old-but-kept', false],
  [['old*', '!old-but-kept'], 'old-one', true],
  [['!x', 'x'], 'x', true],
  [['a.b+(c)'], 'a.b+(c)', true],
  [['a.b'], 'axb', false],
  [[''], 'x', false],
  [[], 'x', false],
])('%j takes %s: %s', (patterns, path, taken) => {
  expect(matchesPatterns(patterns, path)).toBe(taken);
});
