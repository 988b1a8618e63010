import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { missingSource } from './missing-source.js';

describe('missing-source', () => {
  test('finds a command at the start of default, in functions too', () => {
    expect(
      findingsOf(
        missingSource,
        `fs setup() {
	env "A" "b"
}

fs default() {
	run "make"
}
`,
      ),
    ).toEqual(['6:2 run']);
  });

  test('leaves a source alone, be it in a function, and functions that extend', () => {
    expect(
      findingsOf(
        missingSource,
        `fs base() {
	image "alpine"
}

fs setup() {
	run "make"
}

fs default() {
	breakpoint
	base
	setup
	run "x"
}
`,
      ),
    ).toEqual([]);
  });

  test('leaves files on an empty file system alone', () => {
    expect(
      findingsOf(
        missingSource,
        `fs default() {
	mkfile "/a" 0o644 "x"
}
`,
      ),
    ).toEqual([]);
  });

  test('comes to an end with functions that call themselves', () => {
    expect(
      findingsOf(
        missingSource,
        `fs default() {
	default
	run "x"
}
`,
      ),
    ).toEqual(['3:2 run']);
  });
});
