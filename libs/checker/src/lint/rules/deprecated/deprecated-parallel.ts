import type { LintRule } from '../../rule.js';

/** L3: the builtin `parallel`. */
export const deprecatedParallel: LintRule = {
  code: 'HLB0403',
  name: 'deprecated-parallel',
  severity: 'warning',
  description: 'The builtin `stage` under its old name, `parallel`.',
  check({ index, at, report }) {
    for (const { node } of index.callsOf('stage')) {
      const { ident } = node.callee;
      if (ident.text !== 'parallel') continue;
      report({
        message: '`parallel` is deprecated: it is called `stage` now',
        at: at(ident),
        label: 'write `stage`',
        fixes: [{ title: 'Write `stage`', isSafe: true, edits: [{ span: at(ident), text: 'stage' }] }],
      });
    }
  },
};
