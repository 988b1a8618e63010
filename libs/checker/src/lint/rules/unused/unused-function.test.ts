import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { unusedFunction } from './unused-function.js';

describe('unused-function', () => {
  test('finds private functions that nothing calls', () => {
    expect(
      findingsOf(
        unusedFunction,
        `fs _a() {
	scratch
}

fs _b() {
	scratch
}

fs default() {
	_b
}
`,
      ),
    ).toEqual(['1:4 _a']);
  });

  test('counts exports, and results that are bound in a function', () => {
    expect(
      findingsOf(
        unusedFunction,
        `export _a

fs _a() {
	scratch
}

fs _b() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as out
	}
}

fs default() {
	out
}
`,
      ),
    ).toEqual([]);
  });

  test('leaves functions alone that may be targets', () => {
    expect(
      findingsOf(
        unusedFunction,
        `fs other() {
	scratch
}
`,
      ),
    ).toEqual([]);
  });
});
