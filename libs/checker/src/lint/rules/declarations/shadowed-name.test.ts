import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { shadowedName } from './shadowed-name.js';

describe('shadowed-name', () => {
  test('finds parameters with names of functions, imports and bound results', () => {
    expect(
      findingsOf(
        shadowedName,
        `import kit from "kit.hlb"

fs f(string kit, string g, string out) {
	image "alpine"
	run g with option {
		mount scratch out as out
	}
}

fs g() {
	scratch
}
`,
      ),
    ).toEqual(['3:13 kit', '3:25 g', '3:35 out']);
  });

  test('leaves names of builtins alone', () => {
    expect(
      findingsOf(
        shadowedName,
        `fs f(string user, string dir) {
	image user
	dir dir
}
`,
      ),
    ).toEqual([]);
  });
});
