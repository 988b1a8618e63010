import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { discardedStatements } from './discarded-statements.js';

describe('discarded-statements', () => {
  test('finds what a later source drops', () => {
    expect(
      findingsOf(
        discardedStatements,
        `fs default() {
	image "golang"
	run "make"
	image "alpine"
	run "x"
}
`,
      ),
    ).toEqual(['2:2 image']);
  });

  test('finds it in literals too', () => {
    expect(
      findingsOf(
        discardedStatements,
        `fs default() {
	scratch
	copy fs {
		mkfile "/a" 0o644 "x"
		image "alpine"
	} "/" "/"
}
`,
      ),
    ).toEqual(['4:3 mkfile']);
  });

  test('leaves outputs, binds and `scratch` alone', () => {
    expect(
      findingsOf(
        discardedStatements,
        `fs default() {
	scratch
	image "alpine"
	download "out"
	image "debian"
}

fs other() {
	image "alpine"
	run "make" with option {
		mount scratch "/out" as out
	}
	image "debian"
}
`,
      ),
    ).toEqual([]);
  });
});
