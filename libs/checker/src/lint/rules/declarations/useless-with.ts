import type { LintRule } from '../../rule.js';

/** Options that are not empty are an error of the checker there. */
export const uselessWith: LintRule = {
  code: 'HLB0418',
  name: 'useless-with',
  severity: 'warning',
  description: 'A `with` clause on a call that takes no options.',
  check({ index, at, report }) {
    for (const { node, resolution } of index.calls) {
      if (node.kind !== 'call-stmt' || node.with === undefined || resolution === undefined) continue;
      if (resolution.kind === 'breakpoint') continue;
      if (resolution.kind === 'builtin' && resolution.builtin.options !== undefined) continue;
      report({
        message: `\`${node.name}\` takes no options, so this \`with\` has no effect`,
        at: at(node.with),
        label: 'ignored',
        fixes: [{ title: 'Remove the `with`', edits: [{ span: at(node.with), text: '' }] }],
      });
    }
  },
};
