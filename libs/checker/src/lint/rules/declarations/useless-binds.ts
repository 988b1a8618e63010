import type { LintRule } from '../../rule.js';

export const uselessBinds: LintRule = {
  code: 'HLB0416',
  name: 'useless-binds',
  severity: 'warning',
  description: 'A `binds` clause on a function: only the results of builtins can be bound.',
  check({ index, at, report }) {
    for (const { name, decl } of index.functions) {
      if (decl.effects === undefined) continue;
      report({
        message: `the \`binds\` clause of \`${name}\` has no effect`,
        at: at(decl.effects),
        label: 'nothing fills these names',
        helps: ['Remove it. What the function makes beside its value is bound by `as` where it is made.'],
      });
    }
  },
};
