import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { unusedParameter } from './unused-parameter.js';

describe('unused-parameter', () => {
  test('finds parameters that are never read', () => {
    expect(
      findingsOf(
        unusedParameter,
        `fs f(string used, string not, int neither) {
	image used
}
`,
      ),
    ).toEqual(['1:26 not', '1:35 neither']);
  });

  test('counts interpolations, options and arguments of imported calls', () => {
    expect(
      findingsOf(
        unusedParameter,
        `import kit from "kit.hlb"

fs f(string a, option::run o, fs c) {
	image "x:\${a}"
	run "make" with o
	copy kit.g(c) "/" "/"
}
`,
      ),
    ).toEqual([]);
  });

  test('leaves alone what says that it is unused, and functions without a body', () => {
    expect(
      findingsOf(
        unusedParameter,
        `fs f(string _a) {
	scratch
}

fs g(string a)
`,
      ),
    ).toEqual([]);
  });
});
