import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { lostModeBits } from './lost-mode-bits.js';

describe('lost-mode-bits', () => {
  test('finds bits beyond the lowest nine', () => {
    expect(
      findingsOf(
        lostModeBits,
        `fs default() {
	scratch
	mkdir "/a" 0o1777
	mkfile "/b" 0o4755 "x"
}
`,
      ),
    ).toEqual(['3:13 0o1777', '4:14 0o4755']);
  });

  test('leaves `copy` alone, which takes them all', () => {
    expect(
      findingsOf(
        lostModeBits,
        `fs default() {
	scratch
	mkdir "/a" 0o777
	copy scratch "/" "/" with chmod(0o1777)
}
`,
      ),
    ).toEqual([]);
  });
});
