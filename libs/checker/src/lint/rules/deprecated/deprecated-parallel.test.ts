import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { deprecatedParallel } from './deprecated-parallel.js';

describe('deprecated-parallel', () => {
  test('finds statements and arguments', () => {
    expect(
      findingsOf(
        deprecatedParallel,
        `pipeline default() {
	parallel fs { scratch; }
	stage parallel(fs { scratch; })
}
`,
      ),
    ).toEqual(['2:2 parallel', '3:8 parallel']);
  });

  test('leaves a function of that name alone', () => {
    expect(
      findingsOf(
        deprecatedParallel,
        `fs parallel() {
	scratch
}

fs default() {
	parallel
}
`,
      ),
    ).toEqual([]);
  });
});
