import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { unusedBind } from './unused-bind.js';

describe('unused-bind', () => {
  test('finds bound names that nothing uses', () => {
    expect(
      findingsOf(
        unusedBind,
        `fs f() {
	image "alpine"
	run "make" with option {
		mount scratch "/a" as a
		mount scratch "/b" as (target b)
	}
}

fs default() {
	a
}
`,
      ),
    ).toEqual(['5:33 b']);
  });

  test('counts exports', () => {
    expect(
      findingsOf(
        unusedBind,
        `export d

fs f() {
	image "alpine"
	dockerPush "example.org/x" as d
}
`,
      ),
    ).toEqual([]);
  });
});
