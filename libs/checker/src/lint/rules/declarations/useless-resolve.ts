import type { LintRule } from '../../rule.js';

export const uselessResolve: LintRule = {
  code: 'HLB0440',
  name: 'useless-resolve',
  severity: 'info',
  description: 'The option `resolve` of `image`, which has no effect.',
  check({ index, at, report }) {
    for (const site of index.callsOf('resolve')) {
      report({
        message: '`resolve` has no effect: the settings of an image are always looked up',
        at: at(site.node.callee),
        label: 'can be removed',
      });
    }
  },
};
