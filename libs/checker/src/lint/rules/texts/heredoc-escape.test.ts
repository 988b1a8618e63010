import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { heredocEscape } from './heredoc-escape.js';

describe('heredoc-escape', () => {
  test('finds a backslash inside of a word', () => {
    expect(
      findingsOf(
        heredocEscape,
        `string v() {
	"x"
}

string default() {
	<<END
		price=\\\${v} \\\${v}
	END
}
`,
      ),
    ).toEqual(['7:9 \\${v}']);
  });

  test('leaves strings in quotes alone', () => {
    expect(
      findingsOf(
        heredocEscape,
        `string v() {
	"x"
}

string default() {
	"price=\\\\\${v} \\\${v}"
}
`,
      ),
    ).toEqual([]);
  });
});
