import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { heredocTrailingBlanks } from './heredoc-trailing-blanks.js';

describe('heredoc-trailing-blanks', () => {
  test('finds blanks before the delimiter', () => {
    expect(
      findingsOf(
        heredocTrailingBlanks,
        `string a() {
	<<END
	x
    END
}

string b() {
	<<-END
	x
  END
}
`,
      ),
    ).toEqual(['4:1     ', '10:1   ']);
  });

  test('leaves tabs and folded texts alone', () => {
    expect(
      findingsOf(
        heredocTrailingBlanks,
        `string a() {
	<<END
	x
	END
}

string b() {
	<<~END
	x
    END
}
`,
      ),
    ).toEqual([]);
  });
});
