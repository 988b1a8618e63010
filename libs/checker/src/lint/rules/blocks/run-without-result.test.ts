import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { runWithoutResult } from './run-without-result.js';

describe('run-without-result', () => {
  test('finds commands with a read-only root and nothing bound', () => {
    expect(
      findingsOf(
        runWithoutResult,
        `fs a() {
	image "alpine"
	run "x" with readonlyRootfs
	run "y" with option {
		readonlyRootfs
		mount scratch "/a"
	}
	run "z" with option {
		readonlyRootfs
		mount scratch "/a" with readonly as out
	}
}
`,
      ),
    ).toEqual(['3:2 run', '4:2 run', '8:2 run']);
  });

  test('leaves a bound mount and a writable root alone', () => {
    expect(
      findingsOf(
        runWithoutResult,
        `fs a() {
	image "alpine"
	run "x" with option {
		mount scratch "/a" with readonly
	}
	run "y" with option {
		readonlyRootfs
		mount scratch "/a" as out
	}
}
`,
      ),
    ).toEqual([]);
  });
});
