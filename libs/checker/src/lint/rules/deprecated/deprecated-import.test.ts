import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { deprecatedImport } from './deprecated-import.js';

describe('deprecated-import', () => {
  test('finds the path of an import without `from`', () => {
    expect(
      findingsOf(
        deprecatedImport,
        `import kit "kit.hlb"
import other from "other.hlb"
`,
      ),
    ).toEqual(['1:12 "kit.hlb"']);
  });
});
