import type { LintRule } from '../../rule.js';

export const variadicNotLast: LintRule = {
  code: 'HLB0417',
  name: 'variadic-not-last',
  severity: 'warning',
  description: 'A `variadic` parameter that is not the last one, and so takes exactly one argument.',
  check({ index, at, report }) {
    for (const { params } of index.functions) {
      for (const { field, name } of params.slice(0, -1)) {
        if (field.variadic === undefined) continue;
        report({
          message: `\`${name}\` is not the last parameter, so it takes one argument, although it is declared \`variadic\``,
          at: at(field.variadic),
          label: 'has no effect here',
          helps: ['Move the parameter to the end of the list, or remove `variadic`.'],
        });
      }
    }
  },
};
