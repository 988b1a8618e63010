import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { heredocInlineDelimiter } from './heredoc-inline-delimiter.js';

describe('heredoc-inline-delimiter', () => {
  test('finds a delimiter in the middle of a line', () => {
    expect(
      findingsOf(
        heredocInlineDelimiter,
        `fs default() {
	image "alpine"
	run <<END
		echo until the END
}
`,
      ),
    ).toEqual(['4:18 END']);
  });

  test('leaves a delimiter at the start of its line alone, whatever follows', () => {
    expect(
      findingsOf(
        heredocInlineDelimiter,
        `fs default() {
	image "alpine"
	run <<END with shlex
		echo x
	END
	run <<-END "second"
		echo x
	END "third" with option {
		shlex
	}
}
`,
      ),
    ).toEqual([]);
  });
});
