import { describe, expect, test } from 'vitest';
import { lintRules } from '../../rules.js';
import { findingsOf } from '../../testing/findings-of.js';

const [rule] = lintRules.filter(({ name }) => name === 'useless-suppression');
if (rule === undefined) throw new Error('the rule is not in the list');

describe('useless-suppression', () => {
  test('finds unknown rules and none', () => {
    expect(
      findingsOf(
        rule,
        `# hlb-lint-disable-file HLB0422, unused-import
# hlb-lint-disable-file unusd-import
# hlb-lint-disable-next-line
fs default() {
	scratch
}
`,
      ),
    ).toEqual(['2:1 # hlb-lint-disable-file unusd-import', '3:1 # hlb-lint-disable-next-line']);
  });

  test('leaves reasons alone', () => {
    expect(
      findingsOf(
        rule,
        `# hlb-lint-disable-file HLB0422 -- a reason
`,
      ),
    ).toEqual([]);
  });
});
