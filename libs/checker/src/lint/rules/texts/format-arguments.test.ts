import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { formatArguments } from './format-arguments.js';

describe('format-arguments', () => {
  test('finds too few values, too many and numbers', () => {
    expect(
      findingsOf(
        formatArguments,
        `string a() {
	format "%s-%s" "x"
}

string b() {
	format "x" "y"
}

string c() {
	format "%d" "1"
}
`,
      ),
    ).toEqual(['2:9 "%s-%s"', '6:9 "x"', '10:9 "%d"']);
  });

  test('leaves what fits alone, percent signs, widths, indexes and lists', () => {
    expect(
      findingsOf(
        formatArguments,
        `string a(variadic string all) {
	format "100%% %-5s %q" "x" "y"
	format "%[1]s %[1]s" "x"
	format "%*s" "x"
	format "%s %s" all
}
`,
      ),
    ).toEqual([]);
  });
});
