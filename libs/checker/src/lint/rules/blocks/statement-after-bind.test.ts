import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { statementAfterBind } from './statement-after-bind.js';

describe('statement-after-bind', () => {
  test('finds the statement after a bound mount or push', () => {
    expect(
      findingsOf(
        statementAfterBind,
        `fs a() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as out
	}
	run "late"
}

fs b() {
	image "alpine"
	dockerPush "example.org/x" as d
	breakpoint
	env "A" "b"
}
`,
      ),
    ).toEqual(['6:2 run', '13:2 env']);
  });

  test('leaves a bind at the end alone', () => {
    expect(
      findingsOf(
        statementAfterBind,
        `fs a() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as out
	}
}
`,
      ),
    ).toEqual([]);
  });
});
