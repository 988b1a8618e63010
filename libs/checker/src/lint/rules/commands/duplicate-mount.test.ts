import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { duplicateMount } from './duplicate-mount.js';

describe('duplicate-mount', () => {
  test('finds the second of two equal paths', () => {
    expect(
      findingsOf(
        duplicateMount,
        `fs default() {
	image "alpine"
	run "x" with option {
		mount scratch "/a"
		secret "key" "/b"
		mount local(".") "/a/"
		forward "unix:///s" "/b"
	}
}
`,
      ),
    ).toEqual(['6:20 "/a/"', '7:23 "/b"']);
  });

  test('leaves paths inside of each other alone, and those of other commands', () => {
    expect(
      findingsOf(
        duplicateMount,
        `fs default() {
	image "alpine"
	run "x" with option {
		mount scratch "/a"
		mount scratch "/a/b"
	}
	run "y" with option {
		mount scratch "/a"
	}
}
`,
      ),
    ).toEqual([]);
  });
});
