import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { repeatedEnv } from './repeated-env.js';

describe('repeated-env', () => {
  test('finds a variable that is set again', () => {
    expect(
      findingsOf(
        repeatedEnv,
        `fs default() {
	image "alpine"
	env "A" "1"
	env "B" "1"
	env "A" "2"
}
`,
      ),
    ).toEqual(['5:6 "A"']);
  });

  test('begins anew after a source, and leaves options of commands alone', () => {
    expect(
      findingsOf(
        repeatedEnv,
        `fs default() {
	image "alpine"
	env "A" "1"
	run "x" with option {
		env "A" "2"
		env "A" "3"
	}
	image "debian"
	env "A" "4"
}
`,
      ),
    ).toEqual([]);
  });
});
