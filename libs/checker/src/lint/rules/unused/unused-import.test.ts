import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { unusedImport } from './unused-import.js';

describe('unused-import', () => {
  test('finds imports from which nothing is taken', () => {
    expect(
      findingsOf(
        unusedImport,
        `import a from "a.hlb"
import b from "b.hlb"

fs default() {
	b.x
}
`,
      ),
    ).toEqual(['1:8 a']);
  });

  test('counts uses in the expressions of other imports and in arguments', () => {
    expect(
      findingsOf(
        unusedImport,
        `import a from "a.hlb"
import b from a.path
import c from "c.hlb"

fs default() {
	b.x c.y
}
`,
      ),
    ).toEqual([]);
  });
});
