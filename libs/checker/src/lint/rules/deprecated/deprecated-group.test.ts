import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { deprecatedGroup } from './deprecated-group.js';

describe('deprecated-group', () => {
  test('finds the word wherever a kind can stand', () => {
    expect(
      findingsOf(
        deprecatedGroup,
        `group all(group first, string s) {
	first
}

pipeline default() {
	all group { stage fs { scratch; }; } "x"
}
`,
      ),
    ).toEqual(['1:1 group', '1:11 group', '6:6 group']);
  });

  test('leaves names alone', () => {
    expect(
      findingsOf(
        deprecatedGroup,
        `fs group() {
	scratch
}
`,
      ),
    ).toEqual([]);
  });
});
