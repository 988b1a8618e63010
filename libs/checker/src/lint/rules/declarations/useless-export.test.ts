import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { uselessExport } from './useless-export.js';

describe('useless-export', () => {
  test('finds builtins and imports', () => {
    expect(
      findingsOf(
        uselessExport,
        `import kit from "kit.hlb"

export image
export kit
export default

fs default() {
	kit.x
}
`,
      ),
    ).toEqual(['3:8 image', '4:8 kit']);
  });
});
