import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { decimalMode } from './decimal-mode.js';

describe('decimal-mode', () => {
  test('finds decimal numbers that look octal', () => {
    expect(
      findingsOf(
        decimalMode,
        `fs default() {
	scratch
	mkdir "/a" 755
	mkfile "/b" 644 "x"
	copy scratch "/" "/" with chmod(1777)
}
`,
      ),
    ).toEqual(['3:13 755', '4:14 644', '5:34 1777']);
  });

  test('leaves other numbers alone', () => {
    expect(
      findingsOf(
        decimalMode,
        `fs default() {
	scratch
	mkdir "/a" 0o755
	mkdir "/b" 493
	mkdir "/c" 0x1ed
	image "alpine"
	run "x" with ssh
	run "y" with option {
		ssh with uid(1000)
	}
}
`,
      ),
    ).toEqual([]);
  });
});
