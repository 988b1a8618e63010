import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { uselessBinds } from './useless-binds.js';

describe('useless-binds', () => {
  test('finds `binds` on functions', () => {
    expect(
      findingsOf(
        uselessBinds,
        `fs f() binds (fs extra) {
	scratch
}

fs g() {
	scratch
}
`,
      ),
    ).toEqual(['1:14 (fs extra)']);
  });
});
