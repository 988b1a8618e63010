import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { variadicNotLast } from './variadic-not-last.js';

describe('variadic-not-last', () => {
  test('finds the word on all but the last parameter', () => {
    expect(
      findingsOf(
        variadicNotLast,
        `fs f(variadic string a, string b, variadic string c) {
	run a b c
}
`,
      ),
    ).toEqual(['1:6 variadic']);
  });
});
