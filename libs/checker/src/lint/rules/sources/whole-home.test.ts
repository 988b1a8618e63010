import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { wholeHome } from './whole-home.js';

describe('whole-home', () => {
  test('finds homes and the root', () => {
    expect(
      findingsOf(
        wholeHome,
        `fs a() {
	local "~"
}

fs b() {
	local "~/"
}

fs c() {
	local "/"
}

fs d() {
	local "/home/jo"
}

fs e() {
	local localEnv("HOME")
}
`,
      ),
    ).toEqual(['2:8 "~"', '6:8 "~/"', '10:8 "/"', '14:8 "/home/jo"', '18:8 localEnv("HOME")']);
  });

  test('leaves directories below alone, and what patterns choose', () => {
    expect(
      findingsOf(
        wholeHome,
        `fs a() {
	local "~/src"
}

fs b() {
	local "~" with includePatterns(".gitconfig")
}

fs c(option::local o) {
	local "~" with o
}
`,
      ),
    ).toEqual([]);
  });

  test('is not misled by other options', () => {
    expect(
      findingsOf(
        wholeHome,
        `fs a() {
	local "~" with excludePatterns("Downloads")
}
`,
      ),
    ).toEqual(['2:8 "~"']);
  });
});
