import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { uselessWith } from './useless-with.js';

describe('useless-with', () => {
  test('finds clauses on functions, and on builtins without options', () => {
    expect(
      findingsOf(
        uselessWith,
        `fs f() {
	scratch
}

fs default() {
	f with option {
	}
	env "A" "b" with option {
	}
	run "x" with option {
	}
}
`,
      ),
    ).toEqual(['6:4 with option {', '8:14 with option {']);
  });
});
