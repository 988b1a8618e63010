import type { LintRule } from '../../rule.js';

/** L2: the kind `group`. */
export const deprecatedGroup: LintRule = {
  code: 'HLB0402',
  name: 'deprecated-group',
  severity: 'warning',
  description: 'The kind `pipeline` under its old name, `group`.',
  check({ index, at, report }) {
    for (const word of index.typeWords) {
      if (word.text !== 'group') continue;
      report({
        message: 'the kind `group` is deprecated: it is called `pipeline` now',
        at: at(word),
        label: 'write `pipeline`',
        fixes: [{ title: 'Write `pipeline`', isSafe: true, edits: [{ span: at(word), text: 'pipeline' }] }],
      });
    }
  },
};
