import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { uselessResolve } from './useless-resolve.js';

describe('useless-resolve', () => {
  test('finds the option in both forms', () => {
    expect(
      findingsOf(
        uselessResolve,
        `fs default() {
	image "a" with resolve
	image "b" with option {
		resolve
	}
}
`,
      ),
    ).toEqual(['2:17 resolve', '4:3 resolve']);
  });
});
